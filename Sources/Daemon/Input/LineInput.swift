import Ingest
import Tweets

/// The lines of one file as they stand, without the empty ones.
struct LineInput: ~Copyable {
  private let file: String
  private let options: IngestOptions
  private var reader: RecordReader?

  /// Lines of a file; `-` is standard input.
  init(file: String, options: IngestOptions) {
    self.file = file
    self.options = options
  }

  /// The bytes of the next line; nil at the end. A line over the limit is an error: nothing is left out.
  mutating func next() throws -> [UInt8]? {
    do {
      if reader == nil {
        reader = try RecordReader(path: file, options: options)
      }
      var next = try reader?.next()
      while next?.format == .blank { next = try reader?.next() }
      guard let record = next else { return nil }
      guard record.fault == nil else {
        throw CommandFailure(
          "\(file), line \(record.line): longer than a record may be",
          remedy: "split the line", code: .badInput)
      }
      return record.bytes
    } catch let error as IngestError {
      throw CommandFailure(ingest: error)
    }
  }
}
