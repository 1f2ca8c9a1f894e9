import Glibc
import Logging
import Testing
import Tweets

import Daemon

@Suite struct SentimentLogTests {
  private static let moment = Timestamp(milliseconds: 1_795_359_600_000)

  private static func scored(
    id: String? = "629697199650263000", text: String = "what a \"debate\"",
    label: Label? = .negative,
    score: Double = 0.0312
  ) -> ScoredTweet {
    ScoredTweet(
      tweet: Tweet(id: id, text: text), clean: "",
      sentiment: label.map { Sentiment(label: $0, score: score, probabilities: []) }
        ?? .unlabelled(.noWords))
  }

  private static func output(
    prefixed: Bool = true, level: LogLevel = .info, mode: TweetLogMode = .all, rate: Double = 1,
    _ body: (SentimentLog) -> Void
  ) -> String {
    let pipe = LogPipe()
    let sink = LogSink(
      prefixed ? .prefixed(descriptor: pipe.input) : .lines(descriptor: pipe.input),
      level: level, clock: { moment })
    body(SentimentLog(mode: mode, rate: rate, logger: sink.logger(label: "test")))
    return pipe.text()
  }

  @Test func `a tweet's line reads as the interface says`() {
    let text = Self.output { log in
      log.tweet(Self.scored(), source: "archive", topics: ["debate"])
    }
    #expect(
      text == """
        <6>sentiment label=negative score=0.031 topic=debate source=archive \
        id=629697199650263000 text="what a \\"debate\\""

        """)
  }

  @Test func `a line on a terminal begins with time and level`() {
    let text = Self.output(prefixed: false) { log in
      log.tweet(Self.scored(id: nil, label: nil), source: "pipe", topics: [])
    }
    #expect(
      text == """
        2026-11-22T15:00:00.000Z info    sentiment label=none score=- topic=all source=pipe \
        id=- text="what a \\"debate\\""

        """)
  }

  @Test func `topics are joined by commas`() {
    let text = Self.output { $0.tweet(Self.scored(), source: "a", topics: ["one", "two"]) }
    #expect(text.contains(" topic=one,two "))
  }

  @Test(arguments: ["\u{1B}[31mred", "a\nsentiment label=positive", "\u{202E}evil", "a\u{9B}1mb"])
  func `a hostile tweet stays on its line`(hostile: String) {
    let text = Self.output {
      $0.tweet(Self.scored(id: hostile, text: hostile), source: "a", topics: [])
    }
    #expect(text.count { $0.isNewline } == 1)
    #expect(text.hasSuffix("\n"))
    for scalar in text.unicodeScalars.dropLast() {
      #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
      #expect(scalar.value != 0x202E)
    }
  }

  @Test func `a long text is cut`() {
    let text = Self.output {
      $0.tweet(
        Self.scored(text: String(repeating: "long ", count: 100)), source: "a", topics: [])
    }
    #expect(text.count < 250)
  }

  @Test func `a change of state has its phrase and its fields`() {
    let text = Self.output { log in
      log.state("source started", ["source": "archive", "path": "/a b", "from": "0"])
      log.state(
        "source failed", ["source": "archive", "cause": "it said \"no\"", "empty": ""],
        level: .error)
    }
    #expect(
      text == """
        <5>source started source=archive from=0 path="/a b"
        <3>source failed source=archive empty="" cause="it said \\"no\\""

        """)
  }

  @Test func `the rate of the sample is told`() {
    #expect(
      Self.output(mode: .sample, rate: 0.25) { $0.announce() }
        == "<5>sentiment log started rate=0.25 tweets=sample\n")
    #expect(Self.output(mode: .all) { $0.announce() } == "<5>sentiment log started tweets=all\n")
  }

  @Test func `the sample is about as large as its rate and always the same`() {
    let log = SentimentLog(mode: .sample, rate: 0.1, logger: Logger(label: "unused"))
    let chosen = (0..<10_000).filter {
      log.isChosen(Tweet(id: "\(629_697_000_000 + $0)", text: ""))
    }
    #expect((900...1100).contains(chosen.count), "\(chosen.count) of 10000 at rate 0.1")
    #expect(chosen.allSatisfy { log.isChosen(Tweet(id: "\(629_697_000_000 + $0)", text: "x")) })
    let none = SentimentLog(mode: .none, rate: 1, logger: Logger(label: "unused"))
    let all = SentimentLog(mode: .sample, rate: 1, logger: Logger(label: "unused"))
    #expect(!none.isChosen(Tweet(id: "1", text: "")))
    #expect(all.isChosen(Tweet(text: "no id")))
  }

  @Test func `a line below the level is not written`() {
    #expect(
      Self.output(level: .notice) { $0.tweet(Self.scored(), source: "a", topics: []) }.isEmpty)
  }

  @Test(arguments: [
    (0.0, "0.000"), (1.0, "1.000"), (0.0004, "0.000"), (0.9996, "1.000"), (.nan, "-"),
  ])
  func `a score has three digits`(score: Double, text: String) {
    #expect(LogText.score(score) == text)
  }
}
