import Ingest
import Testing
import Tweets

/// What a source told, as text, and the positions a store would hold.
struct SourceProbe {
  var records: [String] = []
  var notes: [String] = []
  var positions: [FilePosition] = []
  var starts: [FilePosition] = []
  var files: [FileNote] = []
  var isFinished = false

  /// A moment in the tests.
  static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 4_000_000_000 + seconds) }

  mutating func take(_ event: SourceEvent) -> Bool {
    switch event {
    case .quiet, .counted, .replaced: break
    case .unread(let count, _): notes.append("unread \(count)")
    case .idle: return false
    case .finished:
      isFinished = true
      return false
    case .batch(let batch):
      if let start = batch.start { starts.append(start) }
      for index in batch.records.indices {
        let record = batch.records[index]
        if record.format != .blank {
          records.append(String(decoding: record.bytes, as: UTF8.self))
        }
        if let position = batch.position(after: index) { store(position) }
      }
    case .state(let state, let detail):
      notes.append("\(state) \(detail.split(separator: "/").last ?? "")")
    case .gap(let gap): notes.append("gap \(gap.reason)")
    case .fileFinished(let position): store(position)
    case .file(let note):
      let name = note.path.split(separator: "/").last ?? ""
      notes.append("\(note.state.rawValue) \(name)\(note.isFirst ? "" : " again")")
      files.append(note)
      if let position = note.position { store(position) }
    case .fileForgotten(let position):
      positions.removeAll { $0.device == position.device && $0.inode == position.inode }
    case .fault(let path, _): notes.append("fault \(path.split(separator: "/").last ?? "")")
    }
    return true
  }

  private mutating func store(_ position: FilePosition) {
    let same = positions.firstIndex {
      $0.device == position.device && $0.inode == position.inode
    }
    if let same { positions[same] = position } else { positions.append(position) }
  }

  /// Asks until there is nothing more; at most `events` times when given.
  mutating func drain(
    _ source: inout FileSource, at seconds: Int64 = 0, maxRecords: Int = 100,
    events: Int = .max
  ) throws {
    var count = 0
    while count < events,
      take(try source.poll(maxRecords: maxRecords, now: SourceProbe.at(seconds)))
    {
      count += 1
    }
  }

  /// Asks until there is nothing more.
  mutating func drain(
    _ source: inout DirectorySource, at seconds: Int64 = 0, maxRecords: Int = 100,
    events: Int = .max
  ) throws {
    var count = 0
    while count < events,
      take(try source.poll(maxRecords: maxRecords, now: SourceProbe.at(seconds)))
    {
      count += 1
    }
  }
}
