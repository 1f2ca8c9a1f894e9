import Testing
import Tweets

import Aggregates

struct BatchAggregatorTests {
  private let arrival = Timestamp(seconds: 1_800_000_000)

  private func batch(known: [DedupKey: SeenTweet] = [:], retention: Int64? = nil) throws
    -> BatchAggregator
  {
    BatchAggregator(
      matcher: TopicMatcher([try Topic(name: "tea", match: ["tea"])]), model: "m",
      policy: EventTimePolicy(retention: retention), known: known)
  }

  private func scored(
    _ text: String, id: String? = nil, chain: String? = nil, at seconds: Int64 = 1_799_999_990,
    label: Label = .positive, score: Double = 0.75
  ) -> ScoredTweet {
    ScoredTweet(
      tweet: Tweet(
        id: id, chain: chain, hasStableID: id != nil, text: text,
        createdAt: Timestamp(seconds: seconds), lang: "en"),
      clean: text,
      sentiment: Sentiment(label: label, score: score, probabilities: [1 - score, score]))
  }

  private func key(_ tweet: ScoredTweet) -> DedupKey? {
    DedupKey(tweet: tweet.tweet, arrival: arrival)
  }

  @Test func `a late tweet lands in its own window`() throws {
    var batch = try batch()
    batch.add(scored("tea", at: 1_700_000_059), source: "s", key: nil, arrival: arrival)
    let key = AggregateKey(
      bucketStart: 1_700_000_040, source: "s", topic: "all", lang: "en", model: "m")
    #expect(batch.values[key]?.tweets == 1)
    #expect(batch.values.count == 2)
  }

  @Test func `a tweet counts once under all and once under each topic`() throws {
    var batch = try batch()
    let outcome = batch.add(scored("Tea, tea"), source: "s", key: nil, arrival: arrival)
    #expect(outcome == .counted(topics: ["tea"]))
    #expect(batch.values.filter { $0.key.topic == "all" }.map(\.value.tweets) == [1])
    #expect(batch.values.filter { $0.key.topic == "tea" }.map(\.value.scoreSum) == [750_000])
  }

  @Test func `a duplicate in the batch and one of an earlier batch are not counted`() throws {
    let tweet = scored("tea", id: "629697199650263040")
    var first = try batch()
    first.add(tweet, source: "s", key: key(tweet), arrival: arrival)
    #expect(first.add(tweet, source: "s", key: key(tweet), arrival: arrival) == .duplicate)
    var second = try batch(known: first.seen)
    #expect(second.add(tweet, source: "s", key: key(tweet), arrival: arrival) == .duplicate)
    #expect(second.values.isEmpty && second.seen.isEmpty)
    #expect(second.counters[CounterKey(source: "s", name: "duplicates")] == 1)
  }

  @Test func `an edit replaces the version before it, and an older version does not come back`()
    throws
  {
    let old = scored("tea", id: "629697199650263040", chain: "629697199650263040")
    let new = scored(
      "coffee", id: "629697199650263999", chain: "629697199650263040", label: .negative, score: 0.25
    )
    #expect(key(old) == key(new))
    var first = try batch()
    first.add(old, source: "s", key: key(old), arrival: arrival)
    var second = try batch(known: first.seen)
    #expect(second.add(new, source: "s", key: key(new), arrival: arrival) == .corrected(topics: []))
    #expect(second.add(old, source: "s", key: key(old), arrival: arrival) == .duplicate)
    var sum = first.values
    for (key, value) in second.values { sum[key, default: AggregateValue()].merge(value) }
    let left = sum.filter { !$0.value.isZero }
    #expect(left.count == 1)
    #expect(
      left.values.first
        == AggregateValue(
          label: .negative, score: 250_000, probabilities: [750_000, 0, 250_000]))
  }

  @Test func `a deleted tweet is taken back, and stays away`() throws {
    let tweet = scored("tea", id: "629697199650263040")
    let key = try #require(self.key(tweet))
    var batch = try batch()
    batch.add(tweet, source: "s", key: key, arrival: arrival)
    #expect(batch.delete(key: key, source: "s", arrival: arrival) == true)
    #expect(batch.delete(key: key, source: "s", arrival: arrival) == true)
    let zero = batch.values.values.allSatisfy { $0.isZero }
    #expect(zero)
    #expect(batch.add(tweet, source: "s", key: key, arrival: arrival) == .duplicate)
  }

  @Test func `a delete that comes before its tweet keeps it from being counted`() throws {
    let tweet = scored("tea", id: "629697199650263040")
    let key = try #require(self.key(tweet))
    var batch = try batch()
    #expect(batch.delete(key: key, source: "s", arrival: arrival) == false)
    #expect(batch.add(tweet, source: "s", key: key, arrival: arrival) == .duplicate)
    #expect(batch.counters[CounterKey(source: "s", name: "uncorrectable")] == 1)
    #expect(batch.values.isEmpty)
  }

  @Test(
    arguments: [
      (1_800_000_300, EventTimePolicy.Placement.eventTime(Timestamp(seconds: 1_800_000_300))),
      (1_800_000_301, .clockSkew(Timestamp(seconds: 1_800_000_000))),
      (1_800_086_400, .clockSkew(Timestamp(seconds: 1_800_000_000))),
      (1_800_086_401, .untimed),
      (nil, .arrival(Timestamp(seconds: 1_800_000_000))),
      (1_799_996_400, .eventTime(Timestamp(seconds: 1_799_996_400))),
      (1_799_996_399, .lateDropped),
    ] as [(Int64?, EventTimePolicy.Placement)])
  func `event time decides within its limits`(
    _ seconds: Int64?, _ wanted: EventTimePolicy.Placement
  ) {
    let policy = EventTimePolicy(retention: 3600)
    let time = seconds.map { TweetTime.known(Timestamp(seconds: $0)) } ?? .missing
    #expect(policy.place(time, arrival: arrival) == wanted)
  }

  @Test func `without a retention everything is kept`() {
    let policy = EventTimePolicy()
    let old = Timestamp(seconds: 1)
    #expect(policy.place(.known(old), arrival: arrival) == .eventTime(old))
  }

  @Test func `a tweet whose time is not understood is not counted, and a duplicate is a duplicate`()
    throws
  {
    var tweet = scored("tea", id: "629697199650263040")
    let key = try #require(self.key(tweet))
    var batch = try batch()
    #expect(batch.add(tweet, source: "s", key: key, arrival: arrival) == .counted(topics: ["tea"]))
    tweet.tweet.time = .unread(UnreadTime(text: "soon", reason: .unknownForm))
    #expect(batch.add(tweet, source: "s", key: key, arrival: arrival) == .duplicate)
    #expect(batch.add(tweet, source: "s", key: nil, arrival: arrival) == .untimed)
    tweet.tweet.time = .missing
    #expect(batch.add(tweet, source: "s", key: nil, arrival: arrival) == .counted(topics: ["tea"]))
    func count(_ name: String) -> Int64? { batch.counters[CounterKey(source: "s", name: name)] }
    #expect(count("untimed") == 1)
    #expect(count("arrival_timed") == 1)
    #expect(count("tweets") == 2)
  }

  @Test func `an idle source does not hold the watermark back`() {
    let rule = Watermark(allowedDisorder: 60, idleAfter: 300)
    func progress(_ time: Int64, _ arrival: Int64) -> Watermark.Progress {
      Watermark.Progress(
        time: Timestamp(seconds: time), lastArrival: Timestamp(seconds: arrival))
    }
    let now = Timestamp(seconds: 10_000)
    let slow = progress(100, 9000)
    #expect(rule.global([slow, progress(9000, 9999)], now: now) == Timestamp(seconds: 9000))
    #expect(
      rule.global([progress(100, 9990), progress(9000, 9999)], now: now) == Timestamp(seconds: 100))
    #expect(rule.global([slow], now: now) == Timestamp(seconds: 100))
    #expect(rule.global([], now: now) == nil)
    #expect(rule.time(newest: now) == Timestamp(seconds: 9940))
  }

  @Test func `the day of a key comes from an id of X, whatever the tweet's field says`() {
    let id = "629697199650263040"  // 2015-08-07
    let a = DedupKey(namespace: "x", id: id, time: arrival)
    let b = DedupKey(namespace: "x", id: id, time: Timestamp(seconds: 0))
    #expect(a == b)
    #expect(a.day == 16_654)
    #expect(a.hash >= 0)
    #expect(DedupKey(namespace: "mastodon", id: id, time: arrival).hash != a.hash)
    #expect(DedupKey.time(ofSnowflake: "20") == nil)
    #expect(DedupKey.time(ofSnowflake: "62969719965026304x") == nil)
  }

  @Test func `the hash is SipHash-2-4 of the reference`() {
    // First vectors of the reference implementation: key 00…0f, input 00…(n-1).
    let wanted: [UInt64] = [0x726f_db47_dd0e_0e31, 0x74f8_39c5_93dc_67fd, 0x0d6c_8009_d9a9_4f5a]
    for (length, value) in wanted.enumerated() {
      var hash = SipHash()
      hash.append((0..<length).map { UInt8($0) })
      let found = hash.finish()
      #expect(found == value)
    }
  }
}
