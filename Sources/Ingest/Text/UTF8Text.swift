/// What is valid in bytes that should be UTF-8, and what the rest may have meant.
enum UTF8Text {
  /// Characters beyond ASCII, and bytes that belong to none.
  struct Count: Equatable {
    var characters = 0
    var invalid = 0
  }

  /// Counts in the bytes; one that is cut off at their end is neither when more bytes may follow.
  static func count(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> Count {
    let bytes = bytes.span
    var count = Count()
    var index = 0
    while let next = firstBeyondASCII(bytes, from: index) {
      let length = characterLength(bytes, at: next)
      index = next + max(1, length)
      if length > 0 {
        count.characters += 1
      } else if isWhole || next + 4 <= bytes.count {
        count.invalid += 1
      }
    }
    return count
  }

  /// True when all bytes belong to characters.
  static func isValid(_ bytes: [UInt8]) -> Bool {
    let bytes = bytes.span
    var index = 0
    while let next = firstBeyondASCII(bytes, from: index) {
      let length = characterLength(bytes, at: next)
      guard length > 0 else { return false }
      index = next + length
    }
    return true
  }

  /// The bytes with everything invalid read as Windows-1252, or replaced by U+FFFD; and how many were replaced.
  static func repair(
    _ bytes: [UInt8], asWindows1252: Bool
  ) -> (bytes: [UInt8], replaced: Int) {
    var repaired: [UInt8] = []
    repaired.reserveCapacity(bytes.count + bytes.count / 4)
    var replaced = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let length = byte < 0x80 ? 1 : characterLength(bytes.span, at: index)
      if length > 0 {
        repaired.append(contentsOf: bytes[index..<index + length])
        index += length
        continue
      }
      index += 1
      if asWindows1252, let scalar = windows1252(byte), let units = UTF8.encode(scalar) {
        repaired.append(contentsOf: units)
      } else {
        repaired.append(contentsOf: [0xEF, 0xBF, 0xBD])
        replaced += 1
      }
    }
    return (repaired, replaced)
  }

  /// The character of a byte from 0x80 on; nil for the five bytes that have none.
  private static func windows1252(_ byte: UInt8) -> Unicode.Scalar? {
    guard byte < 0xA0 else { return Unicode.Scalar(byte) }
    let value = high[Int(byte) - 0x80]
    return value == 0 ? nil : Unicode.Scalar(value)
  }

  // https://encoding.spec.whatwg.org/index-windows-1252.txt, without its control characters.
  private static let high: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  private static func firstBeyondASCII(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index + 8 <= bytes.count {
      // Within the span by the loop's bounds.
      let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      if word & 0x8080_8080_8080_8080 != 0 { break }
      index += 8
    }
    while index < bytes.count {
      if bytes[index] >= 0x80 { return index }
      index += 1
    }
    return nil
  }

  /// Bytes of the character that begins there beyond ASCII; 0 when none does (Unicode 16, table 3-7).
  private static func characterLength(_ bytes: Span<UInt8>, at index: Int) -> Int {
    func follows(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
      index + offset < bytes.count && bytes[index + offset] >= low && bytes[index + offset] <= high
    }
    switch bytes[index] {
    case 0xC2...0xDF: return follows(1) ? 2 : 0
    case 0xE0: return follows(1, 0xA0) && follows(2) ? 3 : 0
    case 0xED: return follows(1, 0x80, 0x9F) && follows(2) ? 3 : 0
    case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : 0
    case 0xF0: return follows(1, 0x90) && follows(2) && follows(3) ? 4 : 0
    case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
    case 0xF4: return follows(1, 0x80, 0x8F) && follows(2) && follows(3) ? 4 : 0
    default: return 0
    }
  }
}
