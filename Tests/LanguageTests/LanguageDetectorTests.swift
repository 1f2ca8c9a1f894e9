import Foundation
import Language
import Testing
import Tweets

struct LanguageDetectorTests {
  /// Posts that were written for this test: their language and their text.
  private static func posts() throws -> [(language: String, text: String)] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/languages.tsv")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { line in
      let parts = line.split(separator: "\t", maxSplits: 1)
      return (String(parts[0]), String(parts[1]))
    }
  }

  @Test func `nearly every post in another language is known as such, and none as English`() throws
  {
    let posts = try LanguageDetectorTests.posts()
    var unknown: [String] = []
    for (language, text) in posts {
      let read = LanguageDetector.language(of: text)
      #expect(read != "en", "\(text)")
      if read == nil { unknown.append("\(language): \(text)") }
      let told = TweetLanguage.language(of: Tweet(text: text, lang: language))
      #expect(told == language, "\(text)")
    }
    #expect(unknown.count * 20 <= posts.count, "\(unknown)")
  }

  @Test(
    arguments: [
      "Giant tortoise", "Vive la Différence! :-)", "muy bonito! My view", "Forever mood",
      "Heaven forbid!",
      "FASTER BETTER STRONGER?!", "Deja vu", "ok lol", "haha", "soooooo goooood", "¯\\_(ツ)_/¯",
      "ಠ_ಠ", "(╯°□°)╯︵ ┻━┻",
      "😍😍😍", "@ana @bo #one #two http://example.org/de/x", "", "   ", "1234 5678",
      "A$AP WE$T BADDE$T MU$IC",
      "$TSLA $AAPL +17%", "RT @someone: yes", "jane@mail.de", "www.example.de/nicht/hier", "lol ツ",
    ])
  func `short texts, names, faces, tags and links tell no language`(_ text: String) {
    #expect(LanguageDetector.language(of: text) == nil)
  }

  @Test(
    arguments: [
      ("The train was late again and I am so tired of this", "en"),
      ("The train was late again and I am so tired of this #東京 #ラーメン", "en"),
      ("RT @deutschebahn: the train was late again, so tired of this https://t.co/abc", "en"),
      ("#東京", "zh"), ("#東京タワー #ラーメン", "ja"), ("#bundesliga #tor", nil), ("草草", "zh"),
      ("ラーメン", "ja"),
      ("@user今日はとても楽しかったhttps://t.co/xyz", "ja"), ("Доброе утро", "ru"), ("Ｇｏｏｄ", nil),
      ("iPhone 15 Pro 買った！", nil),
    ] as [(String, String?)])
  func `the words decide, tags only where nothing else is written`(
    _ text: String, _ language: String?
  ) {
    #expect(LanguageDetector.language(of: text) == language)
  }

  @Test(
    arguments: [
      // A clear text decides against the platform.
      ("en", "Heute war der Zug schon wieder zwanzig Minuten zu spät", "de"),
      ("de", "The train was late again and I am so tired of this", "en"),
      ("en", "電車がまた遅れてる、もう疲れた", "ja"),
      // An unclear one does not.
      ("de", "Handy kaputt", "de"), ("en-GB", "brilliant", "en"), ("und", "brilliant", nil),
      ("qme", "", nil), (nil, "brilliant", nil), (nil, "電車がまた遅れてる", "ja"),
      // Near relatives: the platform's word is kept.
      ("sv", "Vilken match, helt otrolig avslutning", "sv"), ("uk", "Доброго ранку", "uk"),
    ] as [(String?, String, String?)])
  func `a clear text wins, else the platform, else it is unknown`(
    _ tag: String?, _ text: String, _ language: String?
  ) {
    #expect(TweetLanguage.language(of: Tweet(text: text, lang: tag)) == language)
  }

  @Test func `hostile bytes are read without harm`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let count = Int.random(in: 0..<200, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      _ = LanguageDetector.language(of: String(decoding: bytes, as: UTF8.self))
    }
    for text in [
      String(repeating: "#", count: 100_000), String(repeating: "http://", count: 20_000) + "é",
      String(repeating: "ä", count: 100_000), String(repeating: "\u{1F600}", count: 50_000),
    ] {
      _ = LanguageDetector.language(of: text)
    }
  }
}
