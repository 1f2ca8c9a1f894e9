import Aggregates
import Testing
import Tweets

/// Tweets that several servers send, each with an id of its own beside the common one.
@Suite struct OtherIDTests {
  /// What may come, from two servers.
  enum Event: Int, CaseIterable {
    case first, copy, edit, deleteAtFirst, deleteAtCopy
  }

  private let arrival = Timestamp(seconds: 1_800_000_000)
  private let key = DedupKey(day: 1, hash: 10)
  private let atFirst = DedupKey(day: 1, hash: 11)
  private let atCopy = DedupKey(day: 2, hash: 12)

  private func batch(_ known: [DedupKey: SeenTweet] = [:]) -> BatchAggregator {
    BatchAggregator(matcher: TopicMatcher([]), model: "m", policy: EventTimePolicy(), known: known)
  }

  private func apply(_ event: Event, to batch: inout BatchAggregator) {
    func add(version: Int64, alias: DedupKey) {
      let tweet = Tweet(
        namespace: "mastodon", id: "1", version: version, hasStableID: true, text: "tea",
        createdAt: arrival)
      let sentiment = Sentiment(label: .positive, score: 0.75, probabilities: [0.25, 0.75])
      batch.add(
        ScoredTweet(tweet: tweet, clean: "tea", sentiment: sentiment), source: "s", key: key,
        alias: alias, arrival: arrival)
    }
    switch event {
    case .first: add(version: 1, alias: atFirst)
    case .copy: add(version: 1, alias: atCopy)
    case .edit: add(version: 2, alias: atFirst)
    case .deleteAtFirst: batch.delete(key: atFirst, source: "s", arrival: arrival)
    case .deleteAtCopy: batch.delete(key: atCopy, source: "s", arrival: arrival)
    }
  }

  /// How often the tweet is counted after the events, each in a batch of its own or all in one.
  private func count(_ events: [Event], inOneBatch: Bool) -> (tweets: Int64, names: [String: Int64])
  {
    var known: [DedupKey: SeenTweet] = [:]
    var tweets: Int64 = 0
    var names: [String: Int64] = [:]
    for part in inOneBatch ? [events] : events.map({ [$0] }) {
      var batch = batch(known)
      for event in part { apply(event, to: &batch) }
      known.merge(batch.seen) { $1 }
      tweets += batch.values.values.reduce(0) { $0 + $1.tweets }
      for (key, value) in batch.counters { names[key.name, default: 0] += value }
    }
    return (tweets, names)
  }

  /// Every order of five events with repetition: a delete by an id that has come with the tweet takes it back.
  @Test(arguments: [false, true])
  func `tweet, copy, edit and deletes end alike in every order`(inOneBatch: Bool) {
    let all = Event.allCases
    for code in 0..<(5 * 5 * 5 * 5 * 5) {
      let events = (0..<5).map { all[[1, 5, 25, 125, 625].map { code / $0 % 5 }[$0]] }
      let has = Set(events)
      let came = has.contains(.first) || has.contains(.copy) || has.contains(.edit)
      let isDeleted =
        has.contains(.deleteAtFirst) && (has.contains(.first) || has.contains(.edit))
        || has.contains(.deleteAtCopy) && has.contains(.copy)
      let result = count(events, inOneBatch: inOneBatch)
      #expect(result.tweets == (came && !isDeleted ? 1 : 0), "\(events)")
      #expect(
        result.names["tweets", default: 0] - result.names["deleted", default: 0] == result.tweets,
        "\(events)")
      #expect(result.names["deleted", default: 0] <= 1, "\(events)")
    }
  }

  @Test func `a pointer counts nothing and leads a delete to its tweet`() {
    var first = batch()
    apply(.first, to: &first)
    #expect(first.seen[atFirst]?.pointsTo == key)
    #expect(first.seen[key]?.pointsTo == nil)
    #expect(first.counters == [CounterKey(source: "s", name: "tweets"): 1])
    var second = batch(first.seen)
    let answers = (0..<2).map { _ in
      second.delete(key: atFirst, source: "s", arrival: arrival)
    }
    #expect(answers == [true, true])
    #expect(second.seen[key]?.deleted == true)
    #expect(second.counters == [CounterKey(source: "s", name: "deleted"): 1])
  }

  @Test func `a copy brings what its pointer leads to, for the batch behind it`() {
    var first = batch()
    apply(.first, to: &first)
    var second = batch(first.seen)
    apply(.copy, to: &second)
    // The batch behind met none of the keys before; it knows what the second one has seen, no more.
    var third = batch(second.seen)
    let isKnown = third.delete(key: atCopy, source: "s", arrival: arrival)
    #expect(isKnown)
    #expect(third.values.values.reduce(0) { $0 + $1.tweets } == -1)
  }

  @Test func `a pointer whose tweet has expired is uncorrectable, and its copies stay away`() throws
  {
    var first = batch()
    apply(.first, to: &first)
    let pointer = try #require(first.seen[atFirst])
    var second = batch([atFirst: pointer])
    let isKnown = second.delete(key: atFirst, source: "s", arrival: arrival)
    #expect(!isKnown)
    apply(.copy, to: &second)
    #expect(second.values.isEmpty)
    #expect(second.counters[CounterKey(source: "s", name: "duplicates")] == 1)
  }

  @Test func `a tweet that comes under its other id alone is the same`() {
    var batch = batch()
    apply(.first, to: &batch)
    #expect(batch.verdict(key: atFirst, version: 1) == .duplicate)
    #expect(batch.verdict(key: atFirst, version: 2) == .edit)
  }
}
