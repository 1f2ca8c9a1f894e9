import Pipeline
import Tweets

/// A folder of scripted files, read on from the committed positions like a real one.
struct FakeSource: RecordSource {
  let name: String
  private var steps: [SourcePoll] = []
  private var next = 0

  /// Reads the scripts in order, `pollSize` records at a time.
  init(
    name: String = "spool", scripts: [Script], pollSize: Int = 5,
    positions: [MicroBatch.FileKey: FilePosition] = [:]
  ) {
    self.name = name
    for script in scripts {
      let committed = positions[MicroBatch.FileKey(source: name, script.start)] ?? script.start
      if committed.finished { continue }
      steps.append(.notice(.state("reading", detail: script.start.path)))
      var start = script.start
      start.offset = committed.offset
      start.line = committed.line
      var left = script.records.filter { $0.end > start.offset }[...]
      while !left.isEmpty {
        let records = Array(left.prefix(pollSize))
        left = left.dropFirst(pollSize)
        steps.append(
          .records(
            RecordBatch(
              records: records, lines: records.map(\.line), start: start, path: start.path)))
        start.offset = records[records.count - 1].end
        start.line = records[records.count - 1].line
      }
      steps.append(.notice(.fileFinished(script.end)))
    }
    let gone = Script(inode: 1).start
    if positions[MicroBatch.FileKey(source: name, gone)] != nil {
      steps.append(.notice(.fileForgotten(gone)))
    }
  }

  mutating func poll(maxRecords: Int, now: Timestamp) -> SourcePoll {
    guard next < steps.count else { return .finished }
    defer { next += 1 }
    return steps[next]
  }
}

/// A source that does what it is told by a closure, on its own thread; the argument counts the pulls from 0.
struct ClosureSource: RecordSource {
  let name: String
  private let body: @Sendable (Int) throws -> SourcePoll
  private var pulls = 0

  init(name: String = "live", _ body: @escaping @Sendable (Int) throws -> SourcePoll) {
    self.name = name
    self.body = body
  }

  mutating func poll(maxRecords: Int, now: Timestamp) throws -> SourcePoll {
    defer { pulls += 1 }
    return try body(pulls)
  }

  /// One tweet of a file, which is read again when it was not committed.
  static func fileTweet(_ number: Int, inode: UInt64) -> SourcePoll {
    var script = Script(inode: inode)
    script.add(Script.tweet(number))
    return .records(
      RecordBatch(records: script.records, lines: [1], start: script.start, path: script.start.path)
    )
  }

  /// One tweet of its own, of a source that cannot be read again.
  static func tweet(_ number: Int) -> SourcePoll {
    var script = Script(inode: 0)
    script.add(Script.tweet(number))
    return .records(RecordBatch(records: script.records, lines: [1], start: nil, path: "live"))
  }
}
