import Aggregates
import Pipeline
import Testing
import TweetText
import Tweets

/// Edits and deletes of the live platforms, from the record to the store.
@Suite(.timeLimit(.minutes(1)))
struct LiveSourceTests {
  /// What a Mastodon server may send; the copy is the same status under another id of the server's.
  enum Event: Int, CaseIterable {
    case post, copy, edit, delete, deleteCopy
  }

  private static let id = 112_400_000_000_000_000
  private static let did = "did:plc:eygmaihciaxprqvxpfvl6flk"

  private static func status(_ id: Int, edited: Bool = false, text: String) -> String {
    let edit = edited ? #""2024-05-01T11:59:30.000Z""# : "null"
    return
      #"{"id":"\#(id)","uri":"https://a.example/users/ann/statuses/1","created_at":"2024-05-01T11:59:00.000Z","edited_at":\#(edit),"visibility":"public","language":"en","content":"<p>\#(text)</p>","reblog":null}"#
  }

  private static func add(_ event: Event, to script: inout Script) {
    switch event {
    case .post: script.add(status(id, text: "good"), format: .event("update"))
    case .copy: script.add(status(id + 1, text: "good"), format: .event("update"))
    case .edit: script.add(status(id, edited: true, text: "bad"), format: .event("status.update"))
    case .delete: script.add(String(id), format: .event("delete"))
    case .deleteCopy: script.add(String(id + 1), format: .event("delete"))
    }
  }

  private static func script(_ events: [Event], inode: UInt64 = 5) -> Script {
    var script = Script(inode: inode)
    for event in events { add(event, to: &script) }
    return script
  }

  private func bench(
    _ scripts: [Script], shape: TweetShape = .mastodon(host: "a.example"), maxTweets: Int,
    classifier: FakeClassifier = FakeClassifier(), store: FakeStore = FakeStore()
  ) -> Bench {
    Bench(
      [FakeSource(scripts: scripts)], store: store, classifier: classifier, maxTweets: maxTweets
    ) { $0.decoders = ["spool": TweetDecoder(shape: shape)] }
  }

  /// The sums over all rows, and whether each counter agrees with them.
  private func expect(
    _ bench: Bench, tweets: Int64, negative: Int64, _ label: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let kept = bench.store.kept
    let values = kept.aggregates.values
    #expect(
      values.reduce(0) { $0 + $1.tweets } == tweets, "\(label)", sourceLocation: sourceLocation)
    #expect(
      values.reduce(0) { $0 + $1.negative } == negative, "\(label)", sourceLocation: sourceLocation)
    #expect(
      kept.counter("decoded")
        == kept.counter("tweets") + kept.counter("corrected") + kept.counter("duplicates"),
      "\(label)", sourceLocation: sourceLocation)
    #expect(
      kept.counter("tweets") - kept.counter("deleted") == tweets, "\(label)",
      sourceLocation: sourceLocation)
    #expect(
      bench.told.value.allSatisfy { $0.clean == $0.tweet.text }, "\(label)",
      sourceLocation: sourceLocation)
  }

  @Test(arguments: [1, 2, 64])
  func `post, copy, edit and deletes end alike in one batch and over batches`(maxTweets: Int) async
  {
    let all = Event.allCases
    for code in 0..<(5 * 5 * 5 * 5) {
      let events = [1, 5, 25, 125].map { all[code / $0 % 5] }
      let has = Set(events)
      let came = has.contains(.post) || has.contains(.copy) || has.contains(.edit)
      let isDeleted =
        has.contains(.delete) && (has.contains(.post) || has.contains(.edit))
        || has.contains(.deleteCopy) && has.contains(.copy)
      let bench = bench([Self.script(events)], maxTweets: maxTweets)
      #expect(await bench.outcome() == nil)
      expect(
        bench, tweets: came && !isDeleted ? 1 : 0,
        negative: has.contains(.edit) && !isDeleted ? 1 : 0, "\(events), batches of \(maxTweets)")
    }
  }

  @Test(arguments: [
    [Event.post, .delete, .copy], [.delete, .post, .copy], [.post, .copy, .deleteCopy],
  ])
  func `what a batch under way has seen and deleted is known to those behind it`(
    events: [Event]
  ) async {
    let gate = Gate()
    var script = Script(inode: 5)
    script.add(
      #"{"id":"7","uri":"https://a.example/7","content":"good"}"#, format: .event("update"))
    for event in events { Self.add(event, to: &script) }
    let classifier = FakeClassifier { await gate.pass() }
    let bench = bench([script], maxTweets: 1, classifier: classifier)
    async let outcome = bench.outcome()
    // All are begun before the first is counted.
    #expect(await eventually { bench.store.attempts == 4 })
    #expect(bench.store.commits == 0)
    gate.open()
    #expect(await outcome == nil)
    expect(bench, tweets: 1, negative: 0, "\(events)")
  }

  /// Addresses that look like the ids of other statuses are no server's, but may come from anybody.
  @Test(arguments: [UInt64(1), 2, 3, 4, 5])
  func `ids that lead to one another, at random, stop nothing and leave no negative row`(
    seed: UInt64
  ) async {
    var random = SeededGenerator(seed: seed)
    let addresses = ["u", "v", "a.example/1", "a.example/2", "a.example/3"]
    for round in 0..<60 {
      var script = Script(inode: 5)
      for _ in 0..<Int.random(in: 2...14, using: &random) {
        let id = Int.random(in: 1...3, using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 {
          script.add(String(id), format: .event("delete"))
        } else {
          let uri = addresses[Int.random(in: 0..<addresses.count, using: &random)]
          let version = Int.random(in: 1...3, using: &random)
          script.add(
            #"{"id":"\#(id)","uri":"\#(uri)","created_at":"2024-05-01T11:5\#(version):00Z","content":"good"}"#,
            format: .event("update"))
        }
      }
      let bench = bench([script], maxTweets: 1 + round % 4)
      #expect(await bench.outcome() == nil)
      let kept = bench.store.kept
      let label = "seed \(seed), round \(round)"
      #expect(kept.aggregates.values.allSatisfy { $0.tweets > 0 }, "\(label)")
      #expect(kept.tweets == kept.counter("tweets") - kept.counter("deleted"), "\(label)")
      #expect(
        kept.tweets == Int64(kept.seen.values.count { !$0.deleted && $0.pointsTo == nil }),
        "\(label)")
    }
  }

  @Test func `an edit and a delete after a restart find the status in the store`() async {
    let first = bench([Self.script([.post])], maxTweets: 7)
    #expect(await first.outcome() == nil)
    let second = bench(
      [Self.script([.edit], inode: 6)], maxTweets: 7, store: FakeStore(first.store.kept))
    #expect(await second.outcome() == nil)
    expect(second, tweets: 1, negative: 1, "edited")
    let third = bench(
      [Self.script([.delete, .delete, .post], inode: 7)], maxTweets: 7,
      store: FakeStore(second.store.kept))
    #expect(await third.outcome() == nil)
    expect(third, tweets: 0, negative: 0, "deleted")
    #expect(third.classifier.count <= 1)
  }

  @Test func `the same status from two servers is counted once, and either may delete it`() async {
    var counted: [Int64] = []
    for deleting in [nil, "a", "b"] {
      var (a, b) = (Self.script([.post], inode: 5), Script(inode: 6))
      b.add(Self.status(777, text: "good"), format: .event("update"))
      if deleting == "a" { Self.add(.delete, to: &a) }
      if deleting == "b" { b.add("777", format: .event("delete")) }
      let bench = Bench(
        [FakeSource(name: "a", scripts: [a]), FakeSource(name: "b", scripts: [b])], maxTweets: 2
      ) {
        $0.decoders = ["a", "b"].reduce(into: [:]) {
          $0[$1] = TweetDecoder(shape: .mastodon(host: "\($1).example"))
        }
      }
      #expect(await bench.outcome() == nil)
      #expect(bench.store.kept.counter("duplicates") == 1)
      counted.append(bench.store.kept.tweets)
    }
    #expect(counted == [1, 0, 0])
  }

  @Test(arguments: [1, 2, 64])
  func `a post of Bluesky is counted, corrected and taken back`(maxTweets: Int) async {
    func message(_ operation: String, rev: String, text: String?) -> String {
      let record = text.map { #","record":{"text":"\#($0)","langs":["en"]}"# } ?? ""
      return
        #"{"did":"\#(Self.did)","time_us":1714564700000000,"kind":"commit","commit":{"rev":"\#(rev)","operation":"\#(operation)","collection":"app.bsky.feed.post","rkey":"3krfbalaczc2b"\#(record)}}"#
    }
    let create = message("create", rev: "3krfbalaczc2b", text: "good")
    let update = message("update", rev: "3krfbalaczc2c", text: "bad")
    let delete = message("delete", rev: "3krfbalaczc2d", text: nil)
    let runs: [([String], Int64, Int64)] = [
      ([create], 1, 0), ([create, create, update, create], 1, 1), ([create, update, delete], 0, 0),
      ([delete, create, update], 0, 0), ([update, create], 1, 1),
    ]
    for (messages, tweets, negative) in runs {
      var script = Script(inode: 5)
      for message in messages { script.add(message) }
      let bench = bench([script], shape: .jetstream, maxTweets: maxTweets)
      #expect(await bench.outcome() == nil)
      expect(bench, tweets: tweets, negative: negative, "\(messages)")
    }
  }
}
