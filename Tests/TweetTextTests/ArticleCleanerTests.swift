import Testing
import TweetText

@Suite struct ArticleCleanerTests {
  @Test(arguments: [
    ("", ""), ("  \t\u{A0}\n ", ""), ("123 !?", ""),
    ("Hello, World!", "hello world"),
    ("What's up? It's fine", "what is up it is fine"),
    ("WHAT’S up", "what is up"),
    ("can't CAN'T won't don't", "cannot cannot wo not do not"),
    ("pecan't", "peca not"), ("n't", "not"),
    ("I'm we're he's I've I'd they'll", "i am we are he is i have i would they will"),
    ("y'all'd've 'stop' don'ts", "yall would have stop donts"),
    ("the 80's", "the is"), ("#GOPDebate @Name_1", "gopdebate name_"),
    ("see:http://t.co/x1?y now", "see link now"), ("HTTPS://T.CO/X", "link"),
    ("www.x.org awww.cool", "link awwwcool"), ("cut https… here", "cut link here"),
    ("https is a word, httpd too", "https is a word httpd too"),
    ("well-known... a/b", "wellknown ab"),
    ("a&amp;b &lt;3 can&#39;t", "ab cannot"),
    ("I ❤️ it 1️⃣ 😂👍🏽", "i it"),
    ("ÀÉÎ Ünïcode İ ΑΣ", "àéî ünïcode i\u{307} ασ"),
    ("½ ² Ⅷ ٣ x", "x"), ("हिन्दी भाषा", "हिन्दी भाषा"), ("h2ttp3://x.y", "httpxy"),
  ])
  func `the article's rules in their order`(text: String, clean: String) {
    let found = CleaningProfile.article.clean(text)
    #expect(found == clean)
    #expect(CleaningProfile.article.clean(found) == found)
  }

  @Test func `every character is cleaned to itself or to nothing more`() {
    for value in UInt32(1)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let clean = CleaningProfile.article.clean("a\(scalar)b")
      #expect(CleaningProfile.article.clean(clean) == clean, "U+\(String(value, radix: 16))")
      let tweet = CleaningProfile.tweet.clean("a\(scalar)b")
      #expect(CleaningProfile.tweet.clean(tweet) == tweet, "U+\(String(value, radix: 16))")
    }
  }

  @Test(arguments: hostileTexts(length: 20_000))
  func `the work grows with the text and no faster`(text: String) {
    var cleaner = ArticleCleaner()
    let clean = cleaner.clean(text)
    #expect(cleaner.steps <= 2 * text.utf8.count + 8)
    #expect(clean.utf8.count <= 3 * text.utf8.count + 8)
  }
}
