import Glibc
import Ingest
import Pipeline
import TweetText
import Tweets

/// An archive that is read at the pace at which it was written, times a factor: a record comes when its turn has come.
///
/// What has no time comes with what stands before it; what is older than what stands before it comes at once.
struct PacedSource: RecordSource {
  let name: String
  let overload: OverloadPolicy
  private let factor: Double
  private var base: IngestSource<FileSource>
  private var decoder: TweetDecoder
  private var waiting: RecordBatch?
  private var origin: (time: Timestamp, instant: ContinuousClock.Instant)?
  private static let pause: Duration = .milliseconds(50)

  init(
    _ base: IngestSource<FileSource>, factor: Double, decoder: TweetDecoder,
    overload: OverloadPolicy
  ) {
    self.base = base
    self.decoder = decoder
    self.factor = factor
    self.overload = overload
    name = base.name
  }

  mutating func poll(maxRecords: Int, now: Timestamp) throws -> SourcePoll {
    guard let batch = waiting.take() else {
      let poll = try base.poll(maxRecords: maxRecords, now: now)
      guard case .records(let fresh) = poll else { return poll }
      waiting = fresh
      return try self.poll(maxRecords: maxRecords, now: now)
    }
    decoder.begin(batch.opening)
    let instant = ContinuousClock.now
    var due = 0
    var wait = Duration.zero
    while due < batch.records.count {
      if let time = time(of: batch.records[due]) {
        let origin = origin ?? (time, instant)
        self.origin = origin
        let passed = Double(time.milliseconds - origin.time.milliseconds) / factor
        wait = origin.instant + .milliseconds(passed) - instant
        if wait > .zero { break }
      }
      due += 1
    }
    guard due > 0 else {
      waiting = batch
      let milliseconds = min(wait, PacedSource.pause) / .milliseconds(1)
      usleep(UInt32(Swift.max(1, milliseconds) * 1000))
      return .quiet
    }
    waiting = PacedSource.rest(of: batch, after: due)
    var ready = batch
    ready.records = Array(batch.records.prefix(due))
    ready.lines = Array(batch.lines.prefix(due))
    return .records(ready)
  }

  /// The records behind the first ones, at their own position; nil when there are none.
  private static func rest(of batch: RecordBatch, after count: Int) -> RecordBatch? {
    guard count < batch.records.count else { return nil }
    var rest = batch
    rest.records = Array(batch.records.dropFirst(count))
    rest.lines = Array(batch.lines.dropFirst(count))
    rest.start?.offset = batch.records[count - 1].end
    rest.start?.line = batch.lines[count - 1]
    rest.start?.itemsDone = 0
    return rest
  }

  /// When the first tweet of a record was written; nil where it holds none, or nothing says.
  private mutating func time(of record: Record) -> Timestamp? {
    for case .tweet(let tweet) in decoder.decode(record) { return tweet.createdAt }
    return nil
  }
}
