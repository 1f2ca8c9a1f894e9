import Testing
import TweetText

struct TextRewriterTests {
  static let tweets: [(String, String)] = [
    ("I won't go", "I will not go"), ("Won’t you?", "Will not you ?"), ("I WON'T", "I WILL NOT"),
    ("we shan't", "we shall not"), ("it ain`t so", "it is not so"),
    ("Can't complain", "Can not complain"),
    ("I don't", "I do n't"), ("wont want", "wont want"), ("the cant of it", "the cant of it"),
    ("swon't", "swo n't"),
    ("mail jane@mail.com now", "mail email now"), ("(jane.doe+x@mail.co.uk)!", "( email ) !"),
    ("jane@mail.com.", "email ."), ("jane@mail.com,bob@x.org", "email , email"),
    ("@jane hi", "@user hi"),
    ("@jane@server.social", "@ jane @ server . social"), ("a@b", "a @user"), ("x@1.23", "x @ 1.23"),
    ("see http://example.com/won't/a@b.cc ok", "see link ok"), ("http://me@example.com", "link"),
    ("won&#39;t", "will not"),
  ]

  @Test(arguments: tweets)
  func `tweet-2 has words for irregular contractions and masks addresses`(
    _ text: String, _ clean: String
  ) {
    #expect(CleaningProfile.tweet2.clean(text) == clean)
    #expect(CleaningProfile.tweet2.clean(clean) == clean)
  }

  @Test(
    arguments: [
      ("Mail jane@mail.com, I won't!", "mail email i will not"),
      ("I can't, we shan’t, it ain't", "i cannot we shall not it is not"),
      ("don't", "do not"),
    ])
  func `article-2 does so too`(_ text: String, _ clean: String) {
    #expect(CleaningProfile.article2.clean(text) == clean)
  }

  @Test(
    arguments: [
      ("I won't, I can't", "I wo n't , I ca n't"), ("jane@mail.com", "jane @ mail . com"),
    ])
  func `tweet stays as bundles were trained with`(_ text: String, _ clean: String) {
    #expect(CleaningProfile.tweet.clean(text) == clean)
  }

  @Test func `long addresses take linear time`() {
    let texts = [
      String(repeating: "a", count: 200_000) + "@b.cc", String(repeating: "a@", count: 100_000),
      "a@" + String(repeating: "b.", count: 100_000), String(repeating: "won'", count: 50_000),
    ]
    let start = ContinuousClock.now
    for text in texts { _ = CleaningProfile.tweet2.clean(text) }
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}
