import Tweets

/// Finds the end of one CSV record (RFC 4180), over as many lines and calls as it takes; keeps no bytes.
struct CSVScanner: Sendable {
  enum Outcome {
    /// The record's line feed is at `position - 1`.
    case complete
    /// A closed quotation over several lines goes on with text: it was never meant to be one.
    case broken
    /// All bytes were scanned.
    case more
  }

  private enum State: Sendable {
    case fieldStart, plain, quoted, escaped, quoteInQuoted
  }

  /// Bytes of the record that were scanned.
  private(set) var position = 0
  /// Line feeds inside its quotations.
  private(set) var newlines = 0
  /// Bytes of the first line with its line feed; 0 while that line goes on.
  private(set) var firstLineEnd = 0

  private let dialect: CSVDialect
  private var state = State.fieldStart

  /// A scanner for the records of tables that are written so.
  init(dialect: CSVDialect) { self.dialect = dialect }

  /// True while a quotation is open.
  var isQuoted: Bool { state == .quoted || state == .escaped }

  /// Scans on; `bytes` begin where the last call ended.
  mutating func scan(_ bytes: Span<UInt8>) -> Outcome {
    var index = 0
    let count = bytes.count
    var state = state
    defer {
      position += index
      self.state = state
    }
    while index < count {
      let byte = bytes[index]
      index += 1
      switch state {
      case .escaped where byte == 0x22 || byte == 0x5C: state = .quoted
      case .quoted, .escaped:
        if byte == 0x22 {
          state = .quoteInQuoted
        } else if byte == 0x5C, dialect.usesBackslash {
          state = .escaped
          continue
        } else if byte == 0x0A {
          newlines += 1
          if firstLineEnd == 0 { firstLineEnd = position + index }
        }
        if state == .escaped { state = .quoted }
      case .quoteInQuoted where byte == 0x22: state = .quoted
      case .fieldStart where byte == 0x22: state = .quoted
      case .fieldStart where byte == 0x20 && dialect.skipsBlanks: break
      case .fieldStart, .plain, .quoteInQuoted:
        if byte == 0x0A { return .complete }
        if byte == dialect.separator {
          state = .fieldStart
        } else if state == .quoteInQuoted, byte != 0x0D, byte != 0x20, newlines > 0 {
          return .broken
        } else if state != .quoteInQuoted || (byte != 0x0D && byte != 0x20) {
          state = .plain
        }
      }
    }
    return .more
  }
}
