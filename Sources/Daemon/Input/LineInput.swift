import Ingest
import Tweets

/// The lines of one file as they stand, the empty ones too.
struct LineInput: ~Copyable {
  /// A line and its number, from 1.
  struct Line {
    var bytes: [UInt8]
    var number: Int
  }

  private let file: String
  private let options: IngestOptions
  private var reader: RecordReader?

  /// Lines of a file; `-` is standard input.
  init(file: String, options: IngestOptions) {
    self.file = file
    self.options = options
  }

  /// The next line; nil at the end. A line over the limit is an error: nothing is left out.
  mutating func next() throws -> Line? {
    do {
      if reader == nil {
        reader = try RecordReader(path: file, options: options)
      }
      guard let record = try reader?.next() else { return nil }
      guard record.fault == nil else {
        throw CommandFailure(
          "\(file), line \(record.line): longer than a record may be",
          remedy: "split the line", code: .badInput)
      }
      return Line(bytes: record.format == .blank ? [] : record.bytes, number: record.line)
    } catch let error as IngestError {
      throw CommandFailure(ingest: error)
    }
  }
}
