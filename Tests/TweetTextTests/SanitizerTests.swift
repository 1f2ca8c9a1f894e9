import Testing
import TweetText

@Suite struct SanitizerTests {
  @Test(arguments: [
    ("plain text", "plain text"), ("a\tb\nc\r\nd", "a b c d"),
    ("\u{1B}[31mred\u{7}\u{9B}2J", "[31mred2J"), ("del\u{7F}\u{0}", "del"),
    ("\u{202E}evil\u{2066}x\u{2069}\u{200F}", "evilx"), ("a\u{2028}b\u{2029}c\u{85}d", "a b c d"),
    ("a\u{200B}b\u{FEFF}c\u{AD}", "abc"), ("👩\u{200D}👧 a\u{200D}b", "👩\u{200D}👧 ab"),
    ("❤️ 🇺🇸 é", "❤️ 🇺🇸 é"), ("x\u{E0041}\u{E007F}", "x"),
  ])
  func `nothing that steers a terminal stays`(text: String, safe: String) {
    #expect(Sanitizer.terminalSafe(text, limit: nil) == safe)
  }

  @Test func `a long text is cut with an ellipsis`() {
    #expect(Sanitizer.terminalSafe("abcdef", limit: 6) == "abcdef")
    #expect(Sanitizer.terminalSafe("abcdefg", limit: 6) == "abcde…")
    #expect(Sanitizer.terminalSafe("👩‍👧👩‍👧👩‍👧", limit: 2) == "👩‍👧…")
    #expect(Sanitizer.terminalSafe("abc", limit: 0) == "")
    #expect(Sanitizer.terminalSafe("", limit: 0) == "")
  }

  @Test func `a tower of marks is cut down`() {
    let tower = "a" + String(repeating: "\u{301}", count: 1000)
    #expect(Sanitizer.terminalSafe(tower, limit: 10).unicodeScalars.count == 9)
  }

  @Test func `every character comes out printable or not at all`() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let safe = Sanitizer.terminalSafe(String(scalar), limit: nil)
      for left in safe.unicodeScalars {
        let category = left.properties.generalCategory
        #expect(
          category != .control && category != .format && category != .lineSeparator
            && category != .paragraphSeparator, "U+\(String(value, radix: 16))")
      }
    }
  }
}
