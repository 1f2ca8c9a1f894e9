import FaultServer
import Foundation
import Ingest
import Synchronization
import Tweets

/// A monotonic clock and a time of day that stand still until a test moves them.
final class TestClock: Sendable {
  private let passed = Mutex(Duration.zero)
  private let begin = ContinuousClock.now
  /// The time of day at the beginning.
  let start = Timestamp(seconds: 1_800_000_000)

  var now: ContinuousClock.Instant { begin + passed.withLock { $0 } }

  /// The time of day.
  var wall: Timestamp {
    let (seconds, attoseconds) = passed.withLock { $0 }.components
    return Timestamp(
      milliseconds: start.milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }

  func advance(_ span: Duration) { passed.withLock { $0 += span } }
}

/// Pulls a live source in a test and keeps what it tells.
struct LiveProbe {
  var records: [Record] = []
  var states: [String] = []
  var details: [String] = []
  /// Gaps about which nothing changes any more, as if they were told once.
  var gaps: [Gap] = []
  /// Gaps that are open or being filled, as they were told.
  var unfinished: [Gap] = []
  var counts: [String: Int] = [:]
  var position: StreamPosition?
  var spent = 0

  /// The texts of the records that are none of heartbeats.
  var lines: [String] {
    records.filter { $0.format != .blank }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  mutating func take(_ event: SourceEvent) {
    switch event {
    case .batch(let batch):
      records += batch.records
      position = batch.stream ?? position
      spent += batch.spent
      gaps += batch.gaps.map { $0.at(.single) }
    case .state(let state, let detail):
      states.append(state)
      details.append(detail)
    case .gap(let gap):
      if gap.isFinal { gaps.append(gap.at(.single)) } else { unfinished.append(gap) }
    case .counted(let name, let amount): counts[name, default: 0] += amount
    case .quiet, .idle, .finished, .fileFinished, .fileForgotten, .fault, .file, .unread,
      .replaced:
      break
    }
  }

  /// Pulls until the condition holds, for half a minute of real time at most; false when it never did. `step`: the clock
  /// moves by so much with each pull that brings nothing.
  mutating func pull<Source: LivePulled & ~Copyable>(
    _ source: inout Source, _ clock: TestClock, step: Duration = .zero,
    until isDone: (LiveProbe) -> Bool
  ) throws -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while !isDone(self) {
      guard ContinuousClock.now < end else { return false }
      let event = try source.poll(maxRecords: 64, now: clock.wall)
      take(event)
      if case .quiet = event { clock.advance(step) }
    }
    return true
  }
}

/// What the probe pulls.
protocol LivePulled: ~Copyable {
  mutating func poll(maxRecords: Int, now: Timestamp) throws(IngestError) -> SourceEvent
}

extension XSource: LivePulled {}
extension MastodonSource: LivePulled {}
extension JetstreamSource: LivePulled {}
extension HTTPStreamSource: LivePulled {}

/// A file with a token, removed with the value.
final class TokenFile: Sendable {
  let path: String
  var file: SecretFile { SecretFile(path: path) }

  init(_ token: String = "canary-4711") {
    path = NSTemporaryDirectory() + "elmond-token-\(UInt64.random(in: 0...UInt64.max))"
    _ = FileManager.default.createFile(atPath: path, contents: Data((token + "\n").utf8))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension LiveOptions {
  /// Options of a test: its clock, no jitter, short pulls.
  static func test(_ clock: TestClock, authorities: String? = nil) -> LiveOptions {
    LiveOptions(
      network: NetworkOptions(
        userAgent: "elmond/test", authorities: authorities, connectTimeout: .seconds(2)),
      clock: { clock.now }, pause: .milliseconds(4), jitter: { 0 })
  }
}
