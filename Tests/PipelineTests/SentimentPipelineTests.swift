import Aggregates
import Pipeline
import Synchronization
import Testing
import TweetText
import Tweets

@Suite(.timeLimit(.minutes(1)))
struct SentimentPipelineTests {
  // MARK: Counting

  @Test func `every record and tweet is accounted for`() async {
    let (scripts, expected) = Script.mixed(seed: 1, files: 3, records: 40)
    let bench = Bench([FakeSource(scripts: scripts)])
    #expect(await bench.outcome() == nil)
    let kept = bench.store.kept
    #expect(kept.tweets == expected.alive)
    #expect(kept.counter("records") == expected.records)
    #expect(kept.counter("undecodable") == expected.undecodable)
    #expect(kept.counter("blank") == expected.blank)
    #expect(kept.counter("notices") == expected.notices)
    #expect(
      kept.counter("decoded")
        == kept.counter("tweets") + kept.counter("corrected") + kept.counter("duplicates"))
    #expect(kept.counter("tweets") - kept.counter("deleted") == expected.alive)
    #expect(Set(kept.positions.values.map(\.inode)) == Set(scripts.map(\.inode)))
    for script in scripts { #expect(kept.positions.values.contains(script.end)) }
    #expect(kept.finished == ["spool"])
    #expect(bench.monitor.snapshot.sources.map(\.state) == ["finished"])
    #expect(Int64(bench.monitor.snapshot.tweets) == kept.counter("tweets"))
    #expect(Int64(bench.monitor.snapshot.decoded) == kept.counter("decoded"))
    #expect(kept.faultsOfSums == [])
    #expect(bench.monitor.isAlive(at: .now + .seconds(9999), limit: .seconds(1)))
  }

  /// Every order of four of: a tweet, its first and second edit, its delete, another tweet, an edit too old.
  @Test(arguments: [1, 2, 3, 64])
  func `duplicates, edits and deletes end alike in one batch and over batches`(maxTweets: Int) async
  {
    for code in 0..<(6 * 6 * 6 * 6) {
      let steps = [code % 6, code / 6 % 6, code / 36 % 6, code / 216]
      var script = Script(inode: 5)
      var version: Int?
      var isDeleted = false
      for step in steps {
        switch step {
        case 0...2:
          script.add(Script.tweet(1, version: step))
          if !isDeleted { version = max(version ?? 0, step) }
        case 3:
          script.add(Script.delete(1))
          isDeleted = true
          version = nil
        case 4: script.add(Script.tweet(2))
        default: script.add(Script.oldEdit(1, version: 3))
        }
      }
      let bench = Bench([FakeSource(scripts: [script])], maxTweets: maxTweets) {
        $0.retentionSeconds = 86_400
      }
      #expect(await bench.outcome() == nil)
      let other: Int64 = steps.contains(4) ? 1 : 0
      let values = bench.store.kept.aggregates.values
      let label = "steps \(steps), batches of \(maxTweets)"
      #expect(values.reduce(0) { $0 + $1.tweets } == other + (version == nil ? 0 : 1), "\(label)")
      #expect(
        values.reduce(0) { $0 + $1.negative } == (version == 1 ? 1 : 0), "\(label)")
      let kept = bench.store.kept
      #expect(
        kept.counter("decoded")
          == kept.counter("tweets") + kept.counter("corrected") + kept.counter("duplicates")
          + kept.counter("late_dropped"), "\(label)")
      // The model reads exactly what is counted.
      #expect(bench.classifier.count == bench.told.value.count, "\(label)")
      #expect(
        Int64(bench.classifier.count) == kept.counter("tweets") + kept.counter("corrected"),
        "\(label)")
      // An answer belongs to its own tweet.
      #expect(bench.told.value.allSatisfy { $0.clean == $0.tweet.text }, "\(label)")
    }
  }

  /// Every order of four of: a status, its edit, its delete by the server's own id, another status.
  @Test(arguments: [1, 2, 3, 64])
  func `statuses that a server deletes by its own id end alike in one batch and over batches`(
    maxTweets: Int
  ) async {
    func status(_ number: Int, version: Int = 0) -> String {
      let edited = version > 0 ? "\"2024-05-01T12:00:0\(version)Z\"" : "null"
      return """
        {"id":"\(1_714_564_700_000 << 16 | number)","uri":"https://h/\(number)","edited_at":\(edited),\
        "created_at":"2024-05-01T11:58:20Z","content":"<p>status \(number)</p>"}
        """
    }
    for code in 0..<(4 * 4 * 4 * 4) {
      let steps = [code % 4, code / 4 % 4, code / 16 % 4, code / 64]
      var script = Script(inode: 5)
      var isCounted = false
      var isDeleted = false
      for step in steps {
        switch step {
        case 0, 1:
          script.add(
            status(1, version: step), format: .event(step == 0 ? "update" : "status.update"))
          isCounted = isCounted || !isDeleted
        case 2:
          script.add("\(1_714_564_700_000 << 16 | 1)", format: .event("delete"))
          isDeleted = true
          isCounted = false
        default: script.add(status(2), format: .event("update"))
        }
      }
      let bench = Bench([FakeSource(scripts: [script])], maxTweets: maxTweets) {
        $0.decoders["spool"] = TweetDecoder(shape: .mastodon(host: "h"))
      }
      #expect(await bench.outcome() == nil)
      let expected = (steps.contains(3) ? 1 : 0) + (isCounted ? 1 : 0)
      #expect(
        bench.store.kept.tweets == expected, "steps \(steps), batches of \(maxTweets)")
    }
  }

  @Test func `what is known to be a duplicate is not classified`() async {
    let (scripts, _) = Script.mixed(seed: 2, files: 1, records: 60)
    let first = Bench([FakeSource(scripts: scripts)])
    #expect(await first.outcome() == nil)
    var again = scripts[0]
    again.inode = 77
    let second = Bench([FakeSource(scripts: [again])], store: FakeStore(first.store.kept))
    #expect(await second.outcome() == nil)
    #expect(second.classifier.count == 0)
    #expect(second.store.kept.aggregates == first.store.kept.aggregates)
  }

  @Test func `duplicates of one batch and tweets too old are counted and not classified`() async {
    var script = Script(inode: 5)
    for _ in 0..<4 { script.add(Script.tweet(1)) }
    script.add(Script.oldEdit(2, version: 1))
    script.add(Script.oldEdit(1, version: 0))
    let bench = Bench([FakeSource(scripts: [script])], maxTweets: 64) {
      $0.retentionSeconds = 86_400
    }
    #expect(await bench.outcome() == nil)
    let kept = bench.store.kept
    #expect(bench.classifier.count == 1)
    #expect(kept.counter("tweets") == 1)
    #expect(kept.counter("duplicates") == 4)
    #expect(kept.counter("late_dropped") == 1)
  }

  @Test func `a large batch is read in slices, and each answer stays with its tweet`() async {
    var script = Script(inode: 5)
    for number in 0..<150 { script.add(Script.tweet(number)) }
    let bench = Bench([FakeSource(scripts: [script])], maxTweets: 4096)
    #expect(await bench.outcome() == nil)
    #expect(bench.classifier.sizes == [64, 64, 22])
    #expect(bench.told.value.count == 150)
    #expect(bench.told.value.allSatisfy { $0.clean == $0.tweet.text })
  }

  @Test func `sources may come in any order and in any pieces`() async {
    let (scripts, expected) = Script.mixed(seed: 3, files: 1, records: 40)
    var other = Script(inode: 200)
    for number in 100..<150 { other.add(Script.tweet(number)) }
    var results: [Kept] = []
    for (pollSize, turned) in [(1, false), (7, true), (64, false), (3, true)] {
      let sources = [
        FakeSource(name: "a", scripts: scripts, pollSize: pollSize),
        FakeSource(name: "b", scripts: [other], pollSize: 8 - pollSize % 8),
      ]
      let bench = Bench(turned ? sources.reversed() : sources)
      #expect(await bench.outcome() == nil)
      results.append(bench.store.kept)
    }
    #expect(results[0].tweets == expected.alive + 50)
    for result in results { #expect(result == results[0]) }
  }

  // MARK: Crashes

  @Test(arguments: [1, 2, 3, 7, 64], [1, 5, 64])
  func `a crash after any commit changes nothing in the end`(maxTweets: Int, pollSize: Int) async {
    let (scripts, expected) = Script.mixed(seed: 4, files: 3, records: 22)
    var before = Kept()
    let gone = Script(inode: 1).end
    before.positions[MicroBatch.FileKey(source: "spool", gone)] = gone

    let whole = Bench(
      [FakeSource(scripts: scripts, pollSize: pollSize, positions: before.positions)],
      store: FakeStore(before), maxTweets: maxTweets)
    #expect(await whole.outcome() == nil)
    let undisturbed = whole.store.kept
    #expect(undisturbed.tweets == expected.alive)
    #expect(undisturbed.counter("records") == expected.records)
    #expect(undisturbed.positions.count == 3)

    for commits in 0..<whole.store.commits {
      let crashed = Bench(
        [FakeSource(scripts: scripts, pollSize: pollSize, positions: before.positions)],
        store: FakeStore(before, crashAfter: commits), maxTweets: maxTweets)
      #expect(await crashed.outcome() as? FakeStore.Failure == .broken)
      #expect(crashed.store.commits == commits)

      let kept = crashed.store.kept
      let restarted = Bench(
        [FakeSource(scripts: scripts, pollSize: pollSize, positions: kept.positions)],
        store: FakeStore(kept), maxTweets: maxTweets)
      #expect(await restarted.outcome() == nil)
      #expect(restarted.store.kept == undisturbed, "crash after \(commits) commits")
    }
  }

  @Test func `a crash after every single commit still comes to the end`() async {
    let (scripts, _) = Script.mixed(seed: 5, files: 2, records: 20)
    let whole = Bench([FakeSource(scripts: scripts)])
    #expect(await whole.outcome() == nil)
    var kept = Kept()
    var starts = 0
    // Batches of another size each time cut the pages elsewhere.
    while starts < 500 {
      let bench = Bench(
        [FakeSource(scripts: scripts, positions: kept.positions)],
        store: FakeStore(kept, crashAfter: 1), maxTweets: 1 + starts % 4)
      starts += 1
      let outcome = await bench.outcome()
      kept = bench.store.kept
      if outcome == nil { break }
    }
    #expect(kept == whole.store.kept)
    #expect(starts > 10)
  }

  // MARK: Back-pressure and waiting

  @Test func `a slow classifier bounds what a source hands over, and a stop commits all of it`()
    async
  {
    let gate = Gate()
    let pulls = Counter()
    let bench = Bench(
      [ClosureSource { _ in ClosureSource.tweet(pulls.next()) }],
      classifier: FakeClassifier { await gate.pass() }, maxTweets: 1
    ) {
      $0.batchesUnderWay = 3
      $0.channelCapacity = 2
    }
    async let outcome = bench.outcome()
    // Three are being classified, one waits for their room, two in the channel, one is blocked in `send`.
    #expect(await eventually { pulls.value == 7 })
    try? await Task.sleep(for: .milliseconds(30))
    #expect(pulls.value == 7)
    #expect(bench.classifier.sizes == [1, 1, 1])
    bench.pipeline.stop()
    gate.open()
    #expect(await outcome == nil)
    #expect(bench.store.kept.tweets == Int64(pulls.value))
    #expect(pulls.value <= 8)
  }

  @Test func `a queue makes batches larger`() async {
    let gate = Gate()
    let pulls = Counter()
    let bench = Bench(
      [
        ClosureSource { pull in
          guard pull < 9 else { return .finished }
          return ClosureSource.tweet(pulls.next())
        }
      ],
      classifier: FakeClassifier { await gate.pass() }, maxTweets: 4
    ) {
      $0.maxWait = .milliseconds(1)
      $0.channelCapacity = 20
    }
    async let outcome = bench.outcome()
    #expect(await eventually { pulls.value == 9 })
    try? await Task.sleep(for: .milliseconds(5))
    gate.open()
    #expect(await outcome == nil)
    let batches = bench.store.batches
    #expect(batches.reduce(0, +) == 9)
    // Whatever the first batch took, the rest was late already and yet went out in fours.
    #expect(batches.dropFirst().filter { $0 > 0 }.count <= 3, "\(batches)")
  }

  @Test func `a lone tweet is committed after the longest wait`() async {
    let begin = ContinuousClock.now
    let bench = Bench([ClosureSource { $0 == 0 ? ClosureSource.tweet(1) : .idle }]) {
      $0.maxWait = .milliseconds(20)
    }
    async let outcome = bench.outcome()
    #expect(await eventually { bench.store.commits == 1 })
    #expect(bench.store.times.first.map { $0 - begin >= .milliseconds(20) } ?? false)
    #expect(bench.monitor.snapshot.latencies.allSatisfy { $0 >= 20 })
    bench.pipeline.stop()
    #expect(await outcome == nil)
    #expect(bench.store.commits == 1)
  }

  @Test func `a lone tweet does not wait for the longest when nothing else comes`() async {
    let begin = ContinuousClock.now
    let bench = Bench([ClosureSource { $0 == 0 ? ClosureSource.tweet(1) : .idle }]) {
      $0.maxWait = .seconds(30)
      $0.maxPause = .milliseconds(5)
    }
    async let outcome = bench.outcome()
    #expect(await eventually { bench.store.commits == 1 })
    #expect(bench.store.times.first.map { $0 - begin < .seconds(15) } ?? false)
    bench.pipeline.stop()
    #expect(await outcome == nil)
  }

  @Test func `a batch does not wait longer because more keeps coming`() async {
    let store = FakeStore()
    let pulls = Counter()
    var script = Script(inode: 5)
    script.add(Script.tweet(1))
    for _ in 0..<100 { script.add("", format: .blank) }
    // Decoding takes longer than handing over, so that there is always something to take.
    let batch = RecordBatch(
      records: script.records, lines: script.records.map(\.line), start: nil, path: "live")
    let sources = ["a", "b"].map { name in
      ClosureSource(name: name) { _ in
        store.commits >= 3 || pulls.next() >= 20_000 ? .finished : .records(batch)
      }
    }
    let bench = Bench(sources, store: store, maxTweets: 1_000_000) {
      $0.maxWait = .milliseconds(10)
      $0.channelCapacity = 64
    }
    #expect(await bench.outcome() == nil)
    #expect(store.commits >= 3)
    #expect(pulls.value < 20_000)
  }

  // MARK: Stopping

  @Test func `a stop ends idle sources`() async {
    let pulls = Counter()
    let idle: @Sendable (Int) -> SourcePoll = { _ in
      _ = pulls.next()
      return .idle
    }
    let bench = Bench([ClosureSource(name: "a", idle), ClosureSource(name: "b", idle)])
    async let outcome = bench.outcome()
    #expect(await eventually { pulls.value >= 2 })
    bench.pipeline.stop()
    bench.pipeline.stop()
    #expect(await outcome == nil)
    #expect(bench.store.commits == 0)
  }

  @Test func `a stop before the start reads nothing`() async {
    let bench = Bench([ClosureSource { ClosureSource.tweet($0) }])
    bench.pipeline.stop()
    #expect(await bench.outcome() == nil)
    #expect(bench.store.commits == 0)
  }

  @Test func `a pipeline without sources ends at once`() async {
    #expect(await Bench([]).outcome() == nil)
  }

  @Test func `a cancelled pipeline ends and frees its readers`() async {
    let gate = Gate()
    let bench = Bench(
      [ClosureSource { ClosureSource.tweet($0) }],
      classifier: FakeClassifier { await gate.pass() }, maxTweets: 1)
    let task = Task { await bench.outcome() }
    try? await Task.sleep(for: .milliseconds(5))
    task.cancel()
    gate.open()
    #expect(await task.value is CancellationError)
  }

  @Test func `a cancelled pipeline does not wait for its sources`() async {
    let bench = Bench([ClosureSource { $0 == 0 ? ClosureSource.tweet(0) : .idle }])
    let task = Task { await bench.outcome() }
    try? await Task.sleep(for: .milliseconds(5))
    task.cancel()
    #expect(await task.value is CancellationError)
  }

  // MARK: Failures

  @Test func `a failed source does not stop the others`() async {
    let (scripts, expected) = Script.mixed(seed: 6, files: 1, records: 30)
    let bench = Bench([
      ClosureSource(name: "bad") { pull in
        if pull == 3 { throw FakeStore.Failure.broken }
        return ClosureSource.tweet(1000 + pull)
      }, FakeSource(scripts: scripts),
    ])
    #expect(await bench.outcome() == nil)
    #expect(bench.store.kept.tweets == expected.alive + 3)
    #expect(bench.monitor.snapshot.sources.map(\.state) == ["failed", "finished"])
    #expect(bench.store.kept.finished == ["spool"])
    #expect(bench.said.value.contains("source failed"))
  }

  @Test func `a passing failure of the store is waited out and doubles nothing`() async {
    let (scripts, _) = Script.mixed(seed: 7, files: 2, records: 20)
    let whole = Bench([FakeSource(scripts: scripts)])
    #expect(await whole.outcome() == nil)
    let bench = Bench(
      [FakeSource(scripts: scripts)], store: FakeStore(failure: { $0 % 3 == 0 ? nil : .busy }))
    #expect(await bench.outcome() == nil)
    #expect(bench.store.kept == whole.store.kept)
    #expect(bench.told.value == whole.told.value)
    let pauses = bench.said.value.filter { $0 == "store paused" }.count
    // Calls of batches side by side that fail together are one pause; how many are depends on their timing.
    #expect(pauses >= 1)
    #expect(bench.said.value.filter { $0 == "store resumed" }.count == pauses)
    #expect(bench.monitor.snapshot.pausedReason == nil)
  }

  @Test func `a pause is shown, is no hang, and a stop ends it with the store's error`() async {
    let store = FakeStore(failure: { $0 < 1 ? nil : .busy })
    let bench = Bench([ClosureSource { ClosureSource.tweet($0) }], store: store, maxTweets: 1) {
      $0.stopPatience = .milliseconds(20)
    }
    async let outcome = bench.outcome()
    #expect(await eventually { store.attempts > 4 })
    #expect(bench.monitor.snapshot.pausedReason == "busy")
    bench.pipeline.stop()
    #expect(await outcome as? FakeStore.Failure == .busy)
    #expect(store.commits == 0)
    #expect(bench.said.value.filter { $0 == "store paused" }.count == 1)
    #expect(!bench.said.value.contains("store resumed"))
    #expect(bench.monitor.isAlive(at: .now + .seconds(9999), limit: .seconds(1)))
  }

  @Test func `a stop during a pause still commits when the store comes back`() async {
    let isBroken = Mutexed(true)
    let pulls = Counter()
    let store = FakeStore(failure: { _ in isBroken.value ? .busy : nil })
    let bench = Bench(
      [ClosureSource { _ in ClosureSource.tweet(pulls.next()) }], store: store, maxTweets: 1)
    async let outcome = bench.outcome()
    #expect(await eventually { store.attempts > 2 })
    bench.pipeline.stop()
    isBroken.change { $0 = false }
    #expect(await outcome == nil)
    #expect(store.kept.tweets == Int64(pulls.value))
  }

  @Test(arguments: [0, 1, 2, 3, 10], [1, 4])
  func `a failure of the store that does not pass ends the run with its error`(
    attempt: Int, batches: Int
  ) async {
    let store = FakeStore(failure: { $0 >= attempt ? .broken : nil })
    let bench = Bench(
      [
        ClosureSource(name: "a") { ClosureSource.tweet($0) },
        ClosureSource(name: "b") { ClosureSource.tweet(1000 + $0) },
      ], store: store, maxTweets: 1
    ) {
      $0.batchesUnderWay = batches
      $0.channelCapacity = 1
    }
    #expect(await bench.outcome() as? FakeStore.Failure == .broken)
    // Of a batch's two calls the first may come before the commits of those under way.
    #expect(store.commits <= attempt / 2 && store.commits >= (attempt - batches) / 2)
    #expect(bench.monitor.isAlive(at: .now + .seconds(9999), limit: .seconds(1)))
  }

  @Test func `a failure of the classifier ends the run with its error and commits nothing`() async {
    let bench = Bench(
      [ClosureSource { ClosureSource.tweet($0) }],
      classifier: FakeClassifier { throw FakeStore.Failure.broken }, maxTweets: 1)
    #expect(await bench.outcome() as? FakeStore.Failure == .broken)
    #expect(bench.store.kept == Kept())
    #expect(bench.monitor.isAlive(at: .now + .seconds(9999), limit: .seconds(1)))
  }
}
