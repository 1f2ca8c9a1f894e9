import Testing
import TweetText

@Suite struct CleaningProfileTests {
  /// What the cleaners treat specially, and what stands beside it in bad luck.
  static let pieces: [String] = [
    "a", "N", "n", "nn", "t", "s", "S", "ll", "re", "ve", "d", "m", "x", "ca", "can", "o", "D", "P",
    "3", "1", "10",
    "_", "é", "Σ", "İ", "ß", "K", "日", "ح", "ह", "ि", "्", "\u{301}", "\u{200C}", "\u{200D}",
    "\u{200B}",
    "\u{FE0F}", "\u{FE0E}", "\u{20E3}", "'", "’", "‘", "＇", "`", "´", "ʼ", "\"", ".", ",", ":", ";",
    "=", "-", "^",
    "(", ")", "/", "\\", "<", ">", "|", "*", "#", "@", "＠", "&", "!", "?", "…", "%", "$", "{", "}",
    " ", "  ", "\t",
    "\n", "\u{A0}", "\u{2028}", "\u{0}", "\u{7}", "\u{AD}", "\u{FEFF}", "\u{202E}", "\u{FFFD}",
    "http", "https",
    "http://", "https://t.co/x", "www.", "ww", "h", "@bob", "#Tag", "n't", "n’t", "can't", "'s",
    "'ll", "what's",
    "&amp;", "&lt;", "&#39;", "&#x1F600;", "amp;", "lt;", ":)", ":-D", "<3", "^_^", "-_-", "(:",
    "😂", "❤", "ℹ",
    "™", "Ⓜ", "👍", "🏽", "👩", "🇺", "🇸", "\u{E0067}", "\u{E007F}", "½", "Ⅷ", "ǅ", "link", "@user",
    "\u{E000}", "won't", "Shan’t", "AIN'T", "won", "sha", "ai", "a@b.cc", "x.y", ".com", "mail",
    "co.uk",
    "\u{10FFFF}",
  ]

  @Test(arguments: [1, 2, 3, 4], CleaningProfile.allCases)
  func `cleaning a clean text changes nothing`(seed: UInt64, profile: CleaningProfile) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<40_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
        let times = Int.random(in: 0..<8, using: &random) == 0 ? 5 : 1
        for _ in 0..<times { text.unicodeScalars.append(contentsOf: piece.unicodeScalars) }
      }
      let once = profile.clean(text)
      let twice = profile.clean(once)
      #expect(
        Array(once.utf8) == Array(twice.utf8), "seed \(seed): \(text.debugDescription)")
      check(once)
    }
  }

  @Test(arguments: [11, 12], CleaningProfile.allCases)
  func `soup of all of Unicode neither traps nor changes twice`(
    seed: UInt64, profile: CleaningProfile
  ) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<10_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...20, using: &random) {
        let bits = UInt64.random(in: 1...21, using: &random)
        let value = UInt32.random(in: 0..<(1 << UInt32(bits)), using: &random)
        if let scalar = Unicode.Scalar(value) { text.append(scalar) }
      }
      let once = profile.clean(String(text))
      #expect(
        Array(profile.clean(once).utf8) == Array(once.utf8),
        "seed \(seed): \(String(text).debugDescription)")
      check(once)
    }
  }

  private func check(_ clean: String) {
    let bytes = Array(clean.utf8)
    #expect(bytes.first != 0x20 && bytes.last != 0x20)
    #expect(zip(bytes, bytes.dropFirst()).allSatisfy { $0 != 0x20 || $1 != 0x20 })
    #expect(!bytes.contains { $0 < 0x20 })
  }
}
