extension JSONDocument {
  /// Parses a whole text onto the tape, which is emptied first.
  static func parse(_ bytes: Span<UInt8>, onto tape: inout [Entry]) throws(JSONError) {
    tape.removeAll(keepingCapacity: true)
    guard bytes.count < Int(UInt32.max) else {
      throw JSONError(.tooLarge, "\(bytes.count) bytes are more than the 4 GiB of one text")
    }
    var position = 0
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    // Indices on the tape of the containers that are open, outermost first.
    var open: [Int] = []
    open.reserveCapacity(depthLimit)
    var inObject = false

    while true {
      // A value is due.
      let byte = try significant(bytes, &position)
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard open.count < depthLimit else {
          throw JSONError(.tooDeep, offset: position, "nested deeper than \(depthLimit)")
        }
        inObject = byte == UInt8(ascii: "{")
        open.append(tape.count)
        tape.append(
          Entry(
            start: UInt32(position), end: 0, next: 0, kind: inObject ? .object : .array,
            isPlain: true))
        position += 1
        if try significant(bytes, &position) != (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          if inObject { try key(bytes, &position, &tape) }
          continue
        }
      case UInt8(ascii: "\""):
        try string(bytes, &position, &tape)
      case UInt8(ascii: "-"), 0x30...0x39:
        try number(bytes, &position, &tape)
      case UInt8(ascii: "t"):
        try literal("true", .true, bytes, &position, &tape)
      case UInt8(ascii: "f"):
        try literal("false", .false, bytes, &position, &tape)
      case UInt8(ascii: "n"):
        try literal("null", .null, bytes, &position, &tape)
      default:
        throw unexpected("a value", bytes, position)
      }

      // A value has ended: close what closes here, or go on to the next one.
      closing: while let container = open.last {
        let byte = try significant(bytes, &position)
        if byte == UInt8(ascii: ",") {
          position += 1
          tape[container].end += 1
          if inObject {
            guard try significant(bytes, &position) == UInt8(ascii: "\"") else {
              throw unexpected("a key", bytes, position)
            }
            try key(bytes, &position, &tape)
          }
          break closing
        }
        guard byte == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw unexpected(inObject ? "',' or '}'" : "',' or ']'", bytes, position)
        }
        position += 1
        // An empty container is closed before a value was counted.
        if tape.count > container + 1 { tape[container].end += 1 }
        tape[container].next = UInt32(tape.count)
        open.removeLast()
        if let outer = open.last { inObject = tape[outer].kind == .object }
      }
      if open.isEmpty { break }
    }
    skipWhiteSpace(bytes, &position)
    guard position == bytes.count else {
      throw unexpected("the end of the text", bytes, position)
    }
  }

  // MARK: pieces

  @inline(__always)
  private static func skipWhiteSpace(_ bytes: Span<UInt8>, _ position: inout Int) {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  /// The next byte that is not white space; it is not consumed.
  @inline(__always)
  private static func significant(
    _ bytes: Span<UInt8>, _ position: inout Int
  ) throws(JSONError) -> UInt8 {
    skipWhiteSpace(bytes, &position)
    guard position < bytes.count else { throw truncated(bytes) }
    return bytes[position]
  }

  /// A key and its colon.
  @inline(__always)
  private static func key(
    _ bytes: Span<UInt8>, _ position: inout Int, _ tape: inout [Entry]
  ) throws(JSONError) {
    guard bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a key", bytes, position) }
    try string(bytes, &position, &tape)
    guard try significant(bytes, &position) == UInt8(ascii: ":") else {
      throw unexpected("':'", bytes, position)
    }
    position += 1
  }

  /// A string from its opening quote; escapes are checked here and decoded when asked for.
  @inline(__always)
  private static func string(
    _ bytes: Span<UInt8>, _ position: inout Int, _ tape: inout [Entry]
  ) throws(JSONError) {
    let start = position + 1
    var index = start
    var isPlain = true
    while true {
      index = indexOfSpecial(bytes, from: index)
      guard index < bytes.count else { throw truncated(bytes) }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") { break }
      isPlain = false
      if byte == UInt8(ascii: "\\") {
        index = try escape(bytes, at: index)
      } else if byte == 0 {
        index += 1  // removed when the string is decoded
      } else {
        throw JSONError(
          .syntax, offset: index, "control character \(byte) in a string; write it as an escape")
      }
    }
    tape.append(
      Entry(
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: index),
        next: UInt32(truncatingIfNeeded: tape.count + 1), kind: .string, isPlain: isPlain))
    position = index + 1
  }

  /// The next quote, backslash or control byte at or after `from`, or the end.
  @inline(__always)
  private static func indexOfSpecial(_ bytes: Span<UInt8>, from: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var index = from
    // Bytes have no padding, so their raw view is sound.
    let raw = unsafe bytes.bytes
    while index &+ 8 <= bytes.count {
      // Within bounds by the loop's condition; eight bytes of any value are a UInt64.
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      // The classic zero-byte test: exact for the lowest byte that matches, which is all we use.
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      let found =
        ((quote &- ones) & ~quote | (slash &- ones) & ~slash | (word &- ones &* 0x20) & ~word)
        & highs
      if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
      index &+= 1
    }
    return index
  }

  /// Checks the escape at `index`; the offset after it.
  @inline(__always)
  private static func escape(_ bytes: Span<UInt8>, at index: Int) throws(JSONError) -> Int {
    guard index + 1 < bytes.count else { throw truncated(bytes) }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index + 2
    case UInt8(ascii: "u"):
      for digit in index + 2..<index + 6 {
        guard digit < bytes.count else { throw truncated(bytes) }
        guard hexadecimal(bytes[digit]) != nil else {
          throw unexpected("four hexadecimal digits", bytes, digit)
        }
      }
      return index + 6
    default:
      throw unexpected("an escape of JSON", bytes, index + 1)
    }
  }

  private static func number(
    _ bytes: Span<UInt8>, _ position: inout Int, _ tape: inout [Entry]
  ) throws(JSONError) {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let first = position
    try digits(bytes, &position)
    if bytes[first] == 0x30, position > first + 1 {
      throw JSONError(.syntax, offset: first, "a number begins with a needless zero")
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try digits(bytes, &position)
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      try digits(bytes, &position)
    }
    tape.append(
      Entry(
        start: UInt32(start), end: UInt32(position), next: UInt32(tape.count + 1), kind: .number,
        isPlain: true))
  }

  @inline(__always)
  private static func digits(_ bytes: Span<UInt8>, _ position: inout Int) throws(JSONError) {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    if position > start { return }
    throw position < bytes.count ? unexpected("a digit", bytes, position) : truncated(bytes)
  }

  private static func literal(
    _ word: StaticString, _ kind: Kind, _ bytes: Span<UInt8>, _ position: inout Int,
    _ tape: inout [Entry]
  ) throws(JSONError) {
    let start = position
    for index in 0..<word.utf8CodeUnitCount {
      guard position < bytes.count else { throw truncated(bytes) }
      // Within the static string by the loop's bounds.
      guard unsafe bytes[position] == word.utf8Start[index] else {
        throw unexpected("'\(word)'", bytes, position)
      }
      position += 1
    }
    tape.append(
      Entry(
        start: UInt32(start), end: UInt32(position), next: UInt32(tape.count + 1), kind: kind,
        isPlain: true))
  }

  // MARK: errors

  private static func truncated(_ bytes: Span<UInt8>) -> JSONError {
    JSONError(.truncated, offset: bytes.count, "the JSON ends in the middle")
  }

  private static func unexpected(
    _ wanted: String, _ bytes: Span<UInt8>, _ position: Int
  ) -> JSONError {
    let byte = bytes[position]
    let found =
      (0x21...0x7E).contains(byte)
      ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
    return JSONError(.syntax, offset: position, "\(found) where \(wanted) is due")
  }

  /// The value of a hexadecimal digit.
  package static func hexadecimal(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x37)
    case 0x61...0x66: UInt32(byte - 0x57)
    default: nil
    }
  }
}
