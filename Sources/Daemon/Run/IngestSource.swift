import Ingest
import Pipeline
import Synchronization
import TweetText
import Tweets

/// A source of Ingest that one thread pulls.
protocol PolledSource: ~Copyable, Sendable {
  mutating func poll(maxRecords: Int, now: Timestamp) throws(IngestError) -> SourceEvent
}

/// A live source of Ingest.
protocol PolledLiveSource: PolledSource, ~Copyable {
  mutating func restate()
}

extension FileSource: PolledSource {}
extension DirectorySource: PolledSource {}
extension StandardInputSource: PolledSource {}
extension XSource: PolledLiveSource {}
extension MastodonSource: PolledLiveSource {}
extension JetstreamSource: PolledLiveSource {}
extension HTTPStreamSource: PolledLiveSource {}

/// A file, folder or standard input of Ingest as the pipeline pulls it.
final class IngestSource<Source: PolledSource & ~Copyable>: RecordSource {
  let name: String
  let overload: OverloadPolicy
  let ends: Bool
  // Only the source's own thread takes the lock while a session runs, so it is never contended.
  fileprivate let source: Mutex<Source>

  init(
    _ source: consuming sending Source, name: String, overload: OverloadPolicy = .wait,
    ends: Bool = true
  ) {
    self.name = name
    self.overload = overload
    self.ends = ends
    self.source = Mutex(source)
  }

  func poll(maxRecords: Int, now: Timestamp) throws -> SourcePoll {
    Self.poll(
      of: try source.withLock { source in try source.poll(maxRecords: maxRecords, now: now) })
  }

  private static func poll(of event: SourceEvent) -> SourcePoll {
    switch event {
    case .batch(let batch):
      .records(
        RecordBatch(
          records: batch.records, lines: batch.lines, start: batch.start, path: batch.path,
          stream: batch.stream, facts: batch.facts, spent: batch.spent, opening: batch.opening,
          gaps: batch.gaps))
    case .idle: .idle
    case .quiet: .quiet
    case .counted(let name, let amount): .notice(.counted(name, amount))
    case .replaced(let path, let bytes, let encoding, let isFirst):
      .notice(.replaced(path: path, bytes: bytes, encoding: encoding, isFirst: isFirst))
    case .finished: .finished
    case .state(let state, let detail): .notice(.state(state, detail: detail))
    case .gap(let gap): .notice(.gap(gap))
    case .fileFinished(let position): .notice(.fileFinished(position))
    case .file(let note): .notice(.file(note))
    case .unread(let count, let names): .notice(.unread(count: count, names: names))
    case .fileForgotten(let position): .notice(.fileForgotten(position))
    case .fault(let path, let reason): .notice(.fault(path: path, reason: reason))
    }
  }
}

extension IngestSource: KeptSource where Source: PolledLiveSource, Source: ~Copyable {
  func restate() { source.withLock { source in source.restate() } }
}
