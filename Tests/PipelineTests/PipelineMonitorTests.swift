import Pipeline
import Testing
import Tweets

struct PipelineMonitorTests {
  private let begin = ContinuousClock.now

  @Test(arguments: PipelineMonitor.Stage.allCases)
  func `a stage is stuck when one piece of work takes too long`(stage: PipelineMonitor.Stage) {
    let monitor = PipelineMonitor(sources: [])
    let first = monitor.begin(stage, at: begin)
    #expect(monitor.isAlive(at: begin + .seconds(59), limit: .seconds(60)))
    #expect(!monitor.isAlive(at: begin + .seconds(60), limit: .seconds(60)))
    let second = monitor.begin(stage, at: begin + .seconds(50))
    #expect(!monitor.isAlive(at: begin + .seconds(60), limit: .seconds(60)))
    monitor.end(first)
    #expect(monitor.isAlive(at: begin + .seconds(60), limit: .seconds(60)))
    #expect(!monitor.isAlive(at: begin + .seconds(110), limit: .seconds(60)))
    monitor.end(second)
    #expect(monitor.isAlive(at: begin + .seconds(9999), limit: .seconds(60)))
  }

  @Test func `one busy stage is not excused by an idle one`() {
    let monitor = PipelineMonitor(sources: [])
    _ = monitor.begin(.classifier, at: begin)
    monitor.end(monitor.begin(.decoder, at: begin))
    #expect(!monitor.isAlive(at: begin + .seconds(61), limit: .seconds(60)))
  }

  @Test func `a pull of one source is not excused by the pull of another`() {
    let monitor = PipelineMonitor(sources: ["a", "b"])
    monitor.markReading("a", busy: true, at: begin)
    monitor.markReading("b", busy: true, at: begin + .seconds(50))
    #expect(monitor.isAlive(at: begin + .seconds(59), limit: .seconds(60)))
    #expect(!monitor.isAlive(at: begin + .seconds(60), limit: .seconds(60)))
    monitor.markReading("a", busy: false, at: begin + .seconds(60))
    #expect(monitor.isAlive(at: begin + .seconds(60), limit: .seconds(60)))
    #expect(!monitor.isAlive(at: begin + .seconds(110), limit: .seconds(60)))
  }

  @Test func `faults and gaps add up`() {
    let monitor = PipelineMonitor(sources: ["a", "b"])
    monitor.addFault(of: "b")
    monitor.addFault(of: "b")
    monitor.addFault(of: "c")
    for gaps in [2, 0, 1] {
      monitor.committed(
        tweets: [:], newest: [:], gaps: gaps, latency: .zero, at: Timestamp(seconds: 0))
    }
    #expect(monitor.snapshot.sources.map(\.faults) == [0, 2])
    #expect(monitor.snapshot.gaps == 3)
  }

  @Test func `an idle pipeline is alive`() {
    #expect(PipelineMonitor(sources: ["a"]).isAlive(at: begin, limit: .zero))
  }

  @Test func `a source's state changes once`() {
    let monitor = PipelineMonitor(sources: ["a", "b"])
    #expect(monitor.snapshot.sources.map(\.state) == ["starting", "starting"])
    let changes = [("b", "x"), ("b", "x"), ("b", "y"), ("c", "y")].map {
      monitor.setState(of: $0, to: "reading", detail: $1)
    }
    #expect(changes.map(\.state) == [true, false, false, false])
    #expect(changes.map(\.detail) == [true, false, true, false])
    #expect(monitor.snapshot.sources.map(\.name) == ["a", "b"])
    #expect(monitor.snapshot.sources.map(\.state) == ["starting", "reading"])
    #expect(monitor.snapshot.sources[1].detail == "y")
  }

  @Test func `commits add up by source`() {
    let monitor = PipelineMonitor(sources: ["a", "b"])
    let early = Timestamp(seconds: 100)
    let late = Timestamp(seconds: 200)
    monitor.committed(
      tweets: ["a": 2, "b": 1], newest: ["a": late], latency: .milliseconds(30), at: late)
    monitor.committed(
      tweets: ["a": 5], newest: ["a": early], latency: .microseconds(500), at: early)
    let snapshot = monitor.snapshot
    #expect(snapshot.sources.map(\.tweets) == [7, 1])
    #expect(snapshot.sources.map(\.newest) == [late, nil])
    #expect(snapshot.lastBatch == 5)
    #expect(snapshot.tweets == 8)
    #expect(snapshot.batches == 2)
    #expect(snapshot.lastCommit == early)
    #expect(snapshot.latencies == [0.5, 30])
  }

  @Test func `a quiet source keeps its delay, a batch that waits makes it grow`() throws {
    let monitor = PipelineMonitor(sources: ["a", "b"])
    func delays(after seconds: Int) -> [Duration?] {
      monitor.snapshot(at: begin + .seconds(seconds)).sources.map(\.delay)
    }
    #expect(delays(after: 5) == [nil, nil])
    let first = monitor.beginBatch(of: ["a"], arrived: begin)
    _ = monitor.beginBatch(of: ["a"], arrived: begin + .seconds(2))
    #expect(delays(after: 5) == [.seconds(5), nil])
    monitor.committed(
      tweets: [:], newest: [:], latency: .zero, at: Timestamp(seconds: 0), batch: first)
    let last = try #require(monitor.snapshot(at: begin).sources[0].delay)
    #expect(delays(after: 9)[0] == max(.seconds(7), last))
    let second = monitor.beginBatch(of: ["b"], arrived: .now)
    monitor.committed(
      tweets: [:], newest: [:], latency: .zero, at: Timestamp(seconds: 0), batch: second)
    let quiet = try #require(delays(after: 100)[1])
    #expect(delays(after: 9999)[1] == quiet)
  }

  @Test func `the latencies are those of the last 1,024 batches, ascending`() {
    let monitor = PipelineMonitor(sources: [])
    for batch in 0..<3000 {
      monitor.committed(
        tweets: [:], newest: [:], latency: .seconds(3000 - batch), at: Timestamp(seconds: 0))
    }
    #expect(monitor.snapshot.latencies == (1...1024).map { Double($0) * 1000 })
  }

  @Test func `a pause is told until it ends`() {
    let monitor = PipelineMonitor(sources: [])
    monitor.pause("disk full")
    #expect(monitor.snapshot.pausedReason == "disk full")
    monitor.pause(nil)
    #expect(monitor.snapshot.pausedReason == nil)
  }
}
