import Testing
import TweetText

@Suite struct TokenizerTests {
  private func words(_ text: String, _ mode: Tokenizer.Mode = .blank) -> [String] {
    Tokenizer.split(text, mode: mode).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `a text is split at blanks only`() {
    #expect(words("") == [])
    #expect(words("   ") == [])
    #expect(words("  a  b ") == ["a", "b"])
    #expect(words("a\tb\nc d\u{A0}e") == ["a\tb\nc", "d\u{A0}e"])
    #expect(words("<S> é") == ["<S>", "é"])
  }

  @Test func `the white-space mode splits at all white space of Unicode`() {
    #expect(
      words("a\tb\r\nc d\u{A0}e\u{2028}f\u{3000}", .whitespace) == ["a", "b", "c", "d", "e", "f"])
    #expect(words(" \n ", .whitespace) == [])
    #expect(words("日本", .whitespace) == ["日本"])
  }
}
