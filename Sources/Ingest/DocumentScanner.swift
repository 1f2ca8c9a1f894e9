/// Finds the end of one JSON object, over as many lines and calls as it takes; keeps no bytes.
///
/// A pushdown automaton that knows strings and the order of keys, colons, values and commas, so that a
/// document that was cut is noticed where the next one begins. Scalars are not looked at closely: that is
/// the decoder's work.
struct DocumentScanner: Sendable {
  enum Outcome {
    /// The object is closed; `position` is behind its brace.
    case complete
    /// No document has the byte at `position` there.
    case broken
    /// All bytes were scanned and the object is still open.
    case more
    /// A stop that was asked for: the end of the first line, or a line that may begin a record.
    case stopped
  }

  private enum State: Sendable {
    case valueOrEnd, value, keyOrEnd, key, keyString, colon, string, commaOrEnd
    case keyEscape, escape, scalar
  }

  /// Bytes of the document that were scanned.
  private(set) var position = 0
  /// Line feeds among them.
  private(set) var newlines = 0
  /// Bytes of the first line with its line feed; 0 while that line goes on.
  private(set) var firstLineEnd = 0
  /// Where the first later line begins that may begin a record; nil while there is none.
  private(set) var candidate: (position: Int, newlines: Int)?

  /// Where the last element of a list ended, an object in an array of one of the first levels; a page is measured
  /// from one to the next.
  private(set) var itemEnd = 0

  private let indent: Int
  private let maximumDepth: Int
  private var stack: UInt64 = 0  // one bit a level, the innermost lowest: 1 object, 0 array
  private var depth = 0
  private var state = State.value
  private var lineStart = 0
  private var column = 0
  private var isInLineLead = false  // only blanks and closers since the last line feed
  private var leadHasCloser = false
  private var stopsEarly = false

  /// A scanner for an object on a line that is indented that far.
  init(indent: Int, depth: Int) {
    self.indent = indent
    maximumDepth = depth
  }

  /// From now on stops at the end of the first line or, past that, where a record may begin.
  mutating func stopEarly() { stopsEarly = true }

  /// Scans on; `bytes` begin where the last call ended.
  mutating func scan(_ bytes: Span<UInt8>) -> Outcome {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return .more }
      var index = 0
      let outcome = unsafe scan(base, &index, buffer.count)
      position += index
      return outcome
    }
  }

  private mutating func scan(
    _ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ count: Int
  ) -> Outcome {
    while index < count {
      switch state {
      case .string, .keyString:
        unsafe DocumentScanner.passPlainText(bytes, &index, count)
        guard index < count else { return .more }
        switch unsafe bytes[index] {
        case 0x22: state = state == .string ? .commaOrEnd : .colon
        case 0x5C: state = state == .string ? .escape : .keyEscape
        default: return .broken  // a line feed
        }
        index += 1
      case .escape, .keyEscape:
        guard unsafe bytes[index] != 0x0A else { return .broken }
        state = state == .escape ? .string : .keyString
        index += 1
      case .scalar:
        while index < count, DocumentScanner.isScalar(unsafe bytes[index]) { index += 1 }
        guard index < count else { return .more }
        state = .commaOrEnd
      default:
        let byte = unsafe bytes[index]
        if byte == 0x20 || byte == 0x09 || byte == 0x0D {
          if isInLineLead, !leadHasCloser { column += 1 }
          index += 1
          continue
        }
        if byte == 0x0A {
          index += 1
          endLine(at: position + index)
          if stopsEarly, newlines == 1 { return .stopped }
          continue
        }
        if isInLineLead, isCandidate(byte), stopsEarly { return .stopped }
        guard accept(byte) else { return .broken }
        index += 1
        if byte == 0x7D, endsItem { itemEnd = position + index }
        if depth == 0 { return .complete }
      }
    }
    return .more
  }

  private mutating func endLine(at end: Int) {
    newlines += 1
    if firstLineEnd == 0 { firstLineEnd = end }
    lineStart = end
    column = 0
    isInLineLead = true
    leadHasCloser = false
  }

  /// Judges the first byte of a line that is no blank; closers and commas are looked through.
  private mutating func isCandidate(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x7D, 0x5D, 0x2C:
      leadHasCloser = true
      return false
    case 0x7B, 0x5B:
      isInLineLead = false
      guard column <= indent else { return false }
      if candidate == nil { candidate = (lineStart, newlines) }
      return true
    default:
      isInLineLead = false
      return false
    }
  }

  /// Takes a byte outside of strings that is no blank; false when it has no place there.
  private mutating func accept(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22:  // "
      switch state {
      case .value, .valueOrEnd: state = .string
      case .key, .keyOrEnd: state = .keyString
      default: return false
      }
    case 0x2C:  // ,
      guard state == .commaOrEnd else { return false }
      state = stack & 1 == 1 ? .key : .value
    case 0x3A:  // :
      guard state == .colon else { return false }
      state = .value
    case 0x7B, 0x5B:  // { [
      guard state == .value || state == .valueOrEnd, depth < maximumDepth else { return false }
      let isObject = byte == 0x7B
      stack = stack << 1 | (isObject ? 1 : 0)
      depth += 1
      state = isObject ? .keyOrEnd : .valueOrEnd
    case 0x7D:  // }
      guard state == .commaOrEnd || state == .keyOrEnd, stack & 1 == 1 else { return false }
      close()
    case 0x5D:  // ]
      guard state == .commaOrEnd || state == .valueOrEnd, stack & 1 == 0 else { return false }
      close()
    default:
      guard state == .value || state == .valueOrEnd, DocumentScanner.isScalar(byte) else {
        return false
      }
      state = .scalar
    }
    return true
  }

  /// True for the bytes of numbers, `true`, `false` and `null`, and of `NaN` and the like.
  private static func isScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
    default: false
    }
  }

  private mutating func close() {
    stack >>= 1
    depth -= 1
    state = .commaOrEnd
  }

  /// True behind an object that is an element of an array, with two levels around that at most.
  private var endsItem: Bool { (2...3).contains(depth) && stack & 1 == 0 }

  /// Moves to the next quotation mark, backslash or line feed, eight bytes at a time.
  private static func passPlainText(
    _ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ count: Int
  ) {
    let raw = unsafe UnsafeRawPointer(bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    // Of each mask the lowest set bit is exact, which is the only one that is used: "Bit Twiddling
    // Hacks", https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
    while index + 8 <= count {
      let word = unsafe UInt64(
        littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      let feed = word ^ (ones &* 0x0A)
      let hits =
        ((quote &- ones) & ~quote | (slash &- ones) & ~slash | (feed &- ones) & ~feed) & tops
      if hits != 0 {
        index += hits.trailingZeroBitCount >> 3
        return
      }
      index += 8
    }
    while index < count {
      let byte = unsafe bytes[index]
      if byte == 0x22 || byte == 0x5C || byte == 0x0A { return }
      index += 1
    }
  }
}
