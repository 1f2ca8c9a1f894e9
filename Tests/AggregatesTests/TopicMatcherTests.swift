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
    // Words with signs.
    Example("C++", "I write c++, mostly", true),
    Example("C++", "C is old", false),
    Example("C++", "vitamin C", false),
    Example("C++", "C+ at best", false),
    Example("C+", "C++", false),
    Example("C++", "C++11", false),
    Example("C++", "(C++)!", true),
    Example("C++", "C++/C#", true),
    Example("C#", "C++/C#", true),
    Example("C#", "C sharp", false),
    Example("C++ standard", "the C++ standard is long", true),
    Example("new C++ standard", "a new C++ standard", true),
    Example("new C++ standard", "a new C standard", false),
    Example("C++ standard", "C++ and the standard", false),
    Example(".NET", "I use .NET daily", true),
    Example(".NET", "a net", false),
    Example(".NET", "ASP.NET", false),
    Example("ASP.NET", "ASP.NET", true),
    Example("ASP.NET", "asp net", false),
    Example("AT&T", "my AT&T bill", true),
    Example("AT&T", "AT&T's bill", true),
    Example("AT&T", "look at t shirts", false),
    Example("new AT&T phone", "my new AT&T phone", true),
    Example("node.js", "node.js!", true),
    Example("node.js", "a node", false),
    Example("U.S.", "the U.S. team", true),
    Example("U.S.", "u s", false),
    Example("U.S.", "U.S.A", false),
    Example("€5", "only €5 today", true),
    Example("€5", "5 days", false),
    Example("24/7", "open 24/7", true),
    Example("24/7", "24 of 7", false),
    Example("P!nk", "p!nk live", true),
    Example("$TSLA", "buy $tsla", true),
    Example("$TSLA", "TSLA", false),
    Example("$BRK.B", "long $BRK.B here", true),
    Example("$BRK.B", "$BRK and B", false),
    Example("@ana.bsky.social", "hello @ana.bsky.social", true),
    Example("@ana.bsky.social", "hello ana bsky social", false),
    Example("C++", "https://example.org/c++", false),
    Example("Yahoo!", "Yahoo is back", true),
    // Pictographs with selectors, skin tones, joined parts; flags; keycaps.
    Example("❤️", "love ❤", true),
    Example("❤", "love ❤️", true),
    Example("❤️", "on fire ❤️‍🔥", false),
    Example("❤️‍🔥", "on fire ❤️‍🔥", true),
    Example("🔥", "on fire ❤️‍🔥", false),
    Example("👍🏽", "ok 👍🏽", true),
    Example("👍🏽", "ok 👍🏿", false),
    Example("👍🏽", "ok 👍", false),
    Example("👩‍💻", "a 👩🏽‍💻 at work", true),
    Example("👩‍💻", "👩 💻", false),
    Example("👩", "👩‍💻", false),
    Example("🇩🇪", "go 🇩🇪!", true),
    Example("🇩🇪", "🇪🇩", false),
    Example("🇩", "go 🇩🇪", false),
    Example("1️⃣", "number 1️⃣", true),
    Example("1️⃣", "number 1", false),
    Example("1", "number 1️⃣", false),
    Example("win 🏆", "we win 🏆🏆", true),
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
    ("t", ["!?"]), ("t", ["\"\""]), ("t", ["++"]), ("t", ["#c++"]), ("t", [":)"]),
    ("t", [String(repeating: "w ", count: 17)]),
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
