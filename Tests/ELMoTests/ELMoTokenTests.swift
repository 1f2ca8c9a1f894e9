import ELMo
import Testing

@Suite struct ELMoTokenTests {
  @Test func `a row of ids is begin, bytes, end, padding`() {
    let row = ELMoToken("aé").characterIDs()
    #expect(row.count == 50)
    #expect(Array(row.prefix(6)) == [258, 97, 0xc3, 0xa9, 259, 260])
    #expect(row.dropFirst(5).allSatisfy { $0 == 260 })
  }

  @Test func `a boundary has its own id, an empty token none`() {
    #expect(Array(ELMoToken.begin.characterIDs().prefix(4)) == [258, 256, 259, 260])
    #expect(Array(ELMoToken.end.characterIDs().prefix(4)) == [258, 257, 259, 260])
    #expect(Array(ELMoToken("").characterIDs().prefix(3)) == [258, 259, 260])
  }

  @Test func `a long token is cut at 48 bytes, inside a character if need be`() {
    let row = ELMoToken(String(repeating: "x", count: 47) + "é").characterIDs()
    #expect(row[47] == 120 && row[48] == 0xc3 && row[49] == 259)
  }

  @Test(arguments: [
    ("", 0), (" ", 0), ("a", 1), (" a  b ", 2), ("a\tb\nc d", 2), ("<S> </S>", 2),
  ])
  func `raw text is split on the byte 0x20 only`(text: String, count: Int) {
    let tokens = ELMoToken.splitOnSpaces(text)
    #expect(tokens.count == count)
    #expect(!tokens.contains(.begin) && !tokens.contains(.end))
  }

  @Test func `white space mode splits on any white space`() {
    #expect(ELMoToken.splitOnWhitespace(" a\tb\u{2003}c\n").count == 3)
  }

  @Test func `the boundary names are boundaries in the tokens input only`() {
    #expect(ELMoToken.tokenLine("<S> a </S>".utf8) == [.begin, ELMoToken("a"), .end])
    #expect(ELMoToken.splitOnSpaces("<S>") == [.word(Array("<S>".utf8))])
  }

  @Test func `what lies past a row's length is ignored`() {
    let rows = ELMoToken.rows(
      [["a", "b", ""], ["<S>", "", ""], ["", "", ""]], lengths: [2, 1, 0])
    #expect(rows == [[ELMoToken("a"), ELMoToken("b")], [.begin], []])
  }
}
