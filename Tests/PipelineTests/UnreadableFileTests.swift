import Aggregates
import Pipeline
import Testing
import Tweets

@Suite(.timeLimit(.minutes(1)))
struct UnreadableFileTests {
  private static let fault = SourcePoll.notice(.fault(path: "/spool/9.gz", reason: "torn"))
  private static let dated = Timestamp(seconds: Script.now.milliseconds / 1000 - 60)

  /// A tweet with a time of its own.
  private static func tweet(_ number: Int, at time: Timestamp) -> SourcePoll {
    var script = Script(inode: 9)
    script.add(
      Script.tweet(number).dropLast() + #","created_at":"\#(time)"}"#)
    return .records(
      RecordBatch(records: script.records, lines: [1], start: script.start, path: "/spool/9.gz"))
  }

  private func run(
    _ polls: [SourcePoll], maxTweets: Int = 7, newest: [String: Timestamp] = [:]
  ) async -> Bench {
    let bench = Bench(
      [ClosureSource(name: "spool") { $0 < polls.count ? polls[$0] : .finished }],
      maxTweets: maxTweets
    ) { $0.newest = newest }
    #expect(await bench.outcome() == nil)
    return bench
  }

  private func gap(from: Timestamp) -> Gap {
    Gap(source: "spool", from: from, to: Script.now, reason: "unreadable", recoveredBy: "none")
  }

  @Test(arguments: [1, 7])
  func `it is counted, leaves a gap since the newest tweet and is remembered`(maxTweets: Int) async
  {
    let bench = await run(
      [Self.tweet(1, at: Self.dated), Self.fault, Self.fault], maxTweets: maxTweets)
    let kept = bench.store.kept
    #expect(kept.counters[CounterKey(source: "spool", name: "unreadable_files")] == 2)
    #expect(kept.gaps == [gap(from: Self.dated), gap(from: Self.dated)])
    let snapshot = bench.monitor.snapshot
    #expect(snapshot.gaps == 2)
    #expect(snapshot.sources.map(\.faults) == [2])
    #expect(snapshot.sources.map(\.state) == ["finished"])
    #expect(bench.said.value.contains("file cannot be read further"))
  }

  @Test func `without any tweet the gap begins now`() async {
    let bench = await run([Self.fault])
    #expect(bench.store.kept.gaps == [gap(from: Script.now)])
    #expect(bench.store.kept.counter("unreadable_files") == 1)
  }

  @Test func `what an earlier run committed is known`() async {
    let bench = await run([Self.fault], newest: ["spool": Self.dated, "other": Script.now])
    #expect(bench.store.kept.gaps == [gap(from: Self.dated)])
  }

  @Test func `a time in the future begins no gap`() async {
    let future = Timestamp(seconds: Script.now.milliseconds / 1000 + 9999)
    let bench = await run(
      [Self.tweet(1, at: future), Self.fault], newest: ["spool": Self.dated])
    #expect(bench.store.kept.gaps == [gap(from: Self.dated)])
  }

  @Test func `the source's own state stays`() async {
    let bench = await run([.notice(.state("waiting", detail: "x")), Self.fault, .idle])
    #expect(bench.monitor.snapshot.sources.map(\.faults) == [1])
    let failed = await Bench([
      ClosureSource(name: "spool") { pull in
        if pull == 0 { return Self.fault }
        throw FakeStore.Failure.broken
      }
    ]).stateAfterRun()
    #expect(failed == ["failed"])
  }
}

extension Bench {
  /// The states of the sources once everything is over.
  fileprivate func stateAfterRun() async -> [String] {
    _ = await outcome()
    return monitor.snapshot.sources.map(\.state)
  }
}
