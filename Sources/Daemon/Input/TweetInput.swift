import Ingest
import TweetText
import Tweets

/// The decoded records of files and standard input, one after the other, for the commands.
struct TweetInput: ~Copyable {
  /// What one record, or one element of a page, turned out to be; notices and blank lines are passed over.
  enum Item {
    case tweet(Tweet)
    case undecodable(reason: String, line: Int)
  }

  private var files: ArraySlice<String>
  private var reader: RecordReader?
  private var decoder: TweetDecoder
  private let options: IngestOptions
  private let mapping: CSVMapping
  private var checkedHeader: CSVHeader?
  private var waiting: ArraySlice<Item> = []
  /// True once the file turned out to be plain text, where an empty line is a record; nil before its first record.
  private var isText: Bool?
  private var emptyLines = 0

  /// Input from the files in order; none is standard input.
  init(files: [String], options: InputOptions) {
    self.files = files.isEmpty ? ["-"] : files[...]
    mapping = options.mapping
    decoder = TweetDecoder(csv: mapping, shape: options.shape)
    self.options = options.ingest
  }

  /// True when the next item can be had without waiting for somebody to write it.
  mutating func hasMore() -> Bool {
    if !waiting.isEmpty { return true }
    return reader?.isReady() ?? !files.isEmpty
  }

  /// The next item; nil at the end of the last file.
  mutating func next() throws -> Item? {
    while true {
      if let item = waiting.popFirst() { return item }
      guard let record = try nextRecord() else { return nil }
      if let fault = record.fault {
        return .undecodable(reason: DecodeError(fault).description, line: record.line)
      }
      guard record.format != .blank else {
        if isText != false { emptyLines += 1 }
        if isText == true { waiting = takeEmptyLines() }
        continue
      }
      if isText == nil { isText = record.format == .text }
      let before = takeEmptyLines()
      try check(record)
      waiting =
        before
        + decoder.decode(record).compactMap { decoded -> Item? in
          switch decoded {
          case .tweet(let tweet): .tweet(tweet)
          case .notice: nil
          case .undecodable(let error): .undecodable(reason: error.description, line: record.line)
          }
        }[...]
    }
  }

  /// Tweets without text for the empty lines of a plain text that were passed over.
  private mutating func takeEmptyLines() -> ArraySlice<Item> {
    defer { emptyLines = 0 }
    guard isText == true, emptyLines > 0 else { return [] }
    return Array(repeating: Item.tweet(Tweet(text: "")), count: emptyLines)[...]
  }

  /// Refuses a column that was named and is not there, once a file.
  private mutating func check(_ record: Record) throws {
    guard case .csv(let header) = record.format, header != checkedHeader else { return }
    checkedHeader = header
    for name in [mapping.text, mapping.id].compactMap({ $0 })
    where header.index(of: name) == nil {
      throw CommandFailure(
        "\(reader?.path ?? "input"): no column is called \(name)",
        remedy: "name one of: \(header.columns.joined(separator: ", "))", code: .badInput)
    }
  }

  /// Says on standard error which members of an archive are not read.
  private mutating func tellNotes() {
    for note in reader?.takeNotes() ?? [] {
      StandardStream.error.say("elmond: \(note.path) is not read: \(note.reason)")
    }
  }

  /// Tells once a file that some of its bytes are no characters.
  private mutating func warnOfReplacements() {
    guard let path = reader?.path, let replaced = reader?.replaced() else { return }
    StandardStream.error.say(
      "elmond: \(path): \(replaced.bytes) bytes are not \(replaced.encoding) and were replaced; "
        + "name the encoding with --encoding")
  }

  private mutating func nextRecord() throws -> Record? {
    do {
      while true {
        if reader == nil {
          guard let path = files.popFirst() else { return nil }
          reader = try RecordReader(path: path, options: options)
          isText = options.format == .text ? true : nil
          emptyLines = 0
        }
        let record = try reader?.next()
        tellNotes()
        if let record {
          decoder.begin(reader?.opening)
          return record
        }
        warnOfReplacements()
        reader = nil
      }
    } catch {
      throw CommandFailure(ingest: error)
    }
  }
}
