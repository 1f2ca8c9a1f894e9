import Dispatch
import Pipeline
import Testing
import Tweets

@Suite(.timeLimit(.minutes(1)))
struct WatchdogTests {
  private func isAlive(_ bench: Bench) -> Bool {
    bench.monitor.isAlive(at: .now + .seconds(100), limit: .seconds(60))
  }

  @Test func `a source that hangs in a pull is seen`() async {
    let hang = DispatchSemaphore(value: 0)
    let pulls = Counter()
    let bench = Bench([
      ClosureSource(name: "quiet") { _ in .idle },
      ClosureSource(name: "hung") { _ in
        if pulls.next() == 1 { hang.wait() }
        return .idle
      },
    ])
    async let outcome = bench.outcome()
    #expect(await eventually { pulls.value == 2 && !isAlive(bench) })
    #expect(bench.monitor.isAlive(at: .now, limit: .seconds(60)))
    hang.signal()
    #expect(await eventually { isAlive(bench) })
    bench.pipeline.stop()
    #expect(await outcome == nil)
  }

  @Test func `a source that waits for room is not hung, the classifier is`() async {
    let gate = Gate()
    let pulls = Counter()
    let bench = Bench(
      [ClosureSource { _ in ClosureSource.tweet(pulls.next()) }],
      classifier: FakeClassifier { await gate.pass() }, maxTweets: 1
    ) {
      $0.batchesUnderWay = 1
      $0.channelCapacity = 1
    }
    async let outcome = bench.outcome()
    #expect(await eventually { pulls.value == 4 && bench.classifier.sizes.count == 1 })
    #expect(!isAlive(bench))
    #expect(bench.monitor.atWork == [.classifier])
    bench.pipeline.stop()
    gate.open()
    #expect(await outcome == nil)
  }

  @Test func `a log that blocks is seen`() async {
    let hang = DispatchSemaphore(value: 0)
    let bench = Bench(
      [
        ClosureSource { pull in
          pull == 0 ? .notice(.fault(path: "/spool/a", reason: "torn")) : .finished
        }
      ], warningsWait: hang)
    async let outcome = bench.outcome()
    #expect(await eventually { bench.said.value.count == 1 && !isAlive(bench) })
    hang.signal()
    #expect(await outcome == nil)
    #expect(isAlive(bench))
  }

  @Test func `each slice of a large batch is a piece of work of its own`() async {
    let gates = (0..<2).map { _ in Gate() }
    let calls = Counter()
    var script = Script(inode: 5)
    for number in 0..<100 { script.add(Script.tweet(number)) }
    let bench = Bench(
      [FakeSource(scripts: [script])],
      classifier: FakeClassifier { await gates[calls.next()].pass() }, maxTweets: 4096)
    async let outcome = bench.outcome()
    #expect(await eventually { calls.value == 1 })
    try? await Task.sleep(for: .milliseconds(100))
    let first = ContinuousClock.now
    #expect(!bench.monitor.isAlive(at: first, limit: .milliseconds(100)))
    gates[0].open()
    #expect(await eventually { calls.value == 2 })
    #expect(bench.monitor.isAlive(at: first + .milliseconds(50), limit: .milliseconds(100)))
    gates[1].open()
    #expect(await outcome == nil)
  }
}
