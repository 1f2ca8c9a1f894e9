import Aggregates
import Testing
import Tweets

struct TopicMatcherTests {
  struct Example: Sendable {
    var pattern: String
    var text: String
    var matches: Bool

    init(_ pattern: String, _ text: String, _ matches: Bool) {
      self.pattern = pattern
      self.text = text
      self.matches = matches
    }
  }

  static let examples = [
    Example("gop", "The GOP tonight", true),
    Example("gop", "the gop's night", true),
    Example("gop", "watching #GOP", true),
    Example("gop", "ask @gop", false),
    Example("gop", "watching #gopdebate", false),
    Example("gop", "gopher", false),
    Example("gop", "https://t.co/gop", false),
    Example("gop", "(gop)", true),
    Example("#gop", "watching #GOP!", true),
    Example("#gop", "the GOP", false),
    Example("#gop", "#gopdebate", false),
    Example("#gop", "a#gop", false),
    Example("#gop", "＃GOP", true),
    Example("@name", "hello @Name.", true),
    Example("@name", "name", false),
    Example("@name", "mail me@name.org", false),
    Example("$aapl", "buy $AAPL", true),
    Example("$aapl", "AAPL", false),
    Example("aapl", "buy $AAPL", true),
    Example("new york", "In New   York today", true),
    Example("\"new york\"", "New-York", true),
    Example("new york", "York, new", false),
    Example("new york", "new in york", false),
    Example("new york", "new #York", true),
    Example("new york", "new @york", false),
    Example("vote #gop", "go vote #GOP now", true),
    Example("don't", "I DON'T know", true),
    Example("e-mail", "my e-mail", true),
    Example("straße", "Die STRASSE", false),
    Example("über", "ÜBER alles", true),
    Example("café", "cafe\u{301} au lait", true),
    Example("日本", "私は日本語を話す", true),
    Example("#日本語", "今日 #日本語 です", true),
    Example("#日本", "#日本語", false),
    Example("🔥", "so hot🔥🔥", true),
    Example("👍", "ok 👍🏽", true),
    Example("a b c", "a b a b c", true),
  ]

  @Test(arguments: examples)
  func `a pattern matches whole words and nothing else`(_ example: Example) throws {
    let topic = try Topic(name: "t", match: [example.pattern])
    let found = TopicMatcher([topic]).topics(in: example.text) == ["t"]
    #expect(found == example.matches, "\(example.pattern) in \(example.text)")
  }

  @Test func `topics come in the order of the settings, each once, then the rule tags`() throws {
    let matcher = TopicMatcher([
      try Topic(name: "b", match: ["beta", "two"]), try Topic(name: "a", match: ["alpha"]),
    ])
    let tweet = Tweet(text: "alpha two beta", tags: ["rule", "a", "all", "", "bad\u{1B}tag"])
    #expect(matcher.topics(of: tweet, from: "s") == ["b", "a", "rule"])
    let other = TopicMatcher(matcher.topics, tagSources: ["x"])
    #expect(other.topics(of: tweet, from: "x") == ["b", "a", "rule"])
    #expect(other.topics(of: tweet, from: "s") == ["b", "a"])
  }

  @Test func `rule tags of one tweet are limited in number and length`() {
    let tags = (0..<100).map { "tag \($0)" } + [String(repeating: "x", count: 1000)]
    let topics = TopicMatcher([]).topics(of: Tweet(text: "", tags: tags), from: "s")
    #expect(topics.count == TopicMatcher.mostTags)
  }

  @Test(arguments: [
    ("all", ["x"]), ("", ["x"]), (" ", ["x"]), ("a\nb", ["x"]), ("t", []), ("t", [" "]),
    ("t", ["!?"]), ("t", ["\"\""]), ("t", [String(repeating: "w ", count: 17)]),
    (String(repeating: "n", count: 101), ["x"]),
  ])
  func `a topic that could not count anything is refused`(_ name: String, _ match: [String]) {
    #expect(throws: TopicError.self) { try Topic(name: name, match: match) }
  }

  @Test func `hundreds of topics do not slow a long text down`() throws {
    let topics = try (0..<500).map { index in
      try Topic(
        name: "topic \(index)", match: ["word\(index)", "a a a a \(index)", "#tag\(index)"])
    }
    let matcher = TopicMatcher(topics)
    let text = String(repeating: "a ", count: 20_000) + "a a a a 7 word499 #tag3"
    let clock = ContinuousClock()
    let start = clock.now
    #expect(matcher.topics(in: text) == ["topic 3", "topic 7", "topic 499"])
    #expect(clock.now - start < .seconds(2))
  }
}
