/// Reads the text of a time piece by piece.
struct TimeScanner {
  private let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position >= bytes.endIndex }
  var next: UInt8? { peek(0) }

  func peek(_ distance: Int) -> UInt8? {
    let index = position + distance
    return index < bytes.endIndex ? bytes[index] : nil
  }

  mutating func skip(_ count: Int) { position += count }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool { take(UInt8(ascii: character)) }

  /// How many digits follow.
  var digitCount: Int {
    var count = 0
    while let byte = peek(count), TimeScanner.isDigit(byte) { count += 1 }
    return count
  }

  /// The number in the next digits, of which there must be from `least` to `most`.
  mutating func number(_ least: Int, _ most: Int) -> Int64? {
    let count = min(digitCount, most)
    guard count >= least, count <= 18 else { return nil }
    var value: Int64 = 0
    for _ in 0..<count {
      value = value * 10 + Int64(bytes[position] - 0x30)
      position += 1
    }
    return value
  }

  /// Milliseconds from the digits behind a decimal point; digits after the third are dropped.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var scale: Int64 = 100
    let start = position
    while let byte = next, TimeScanner.isDigit(byte) {
      value += Int64(byte - 0x30) * scale
      scale /= 10
      position += 1
    }
    return position > start ? value : nil
  }

  /// The next letters in lower case; empty where there are none or more than any known word has.
  mutating func word() -> String {
    var letters: [UInt8] = []
    while let byte = peek(letters.count), TimeScanner.isLetter(byte) {
      letters.append(byte | 0x20)
      if letters.count > 12 { return "" }
    }
    position += letters.count
    return String(decoding: letters, as: UTF8.self)
  }

  /// Minutes east of UTC behind a sign: `0100`, `01:00`, `01`, `1:00` or `1`.
  mutating func offset() -> Int64? {
    let sign: Int64
    switch next {
    case UInt8(ascii: "+"): sign = 1
    case UInt8(ascii: "-"): sign = -1
    default: return nil
    }
    skip(1)
    let digits = digitCount
    guard digits == 4 || digits == 2 || digits == 1, let hours = number(1, 2) else { return nil }
    var minutes: Int64 = 0
    if digits == 4 {
      minutes = number(2, 2) ?? 0
    } else if next == UInt8(ascii: ":") {
      skip(1)
      guard digitCount == 2, let value = number(2, 2) else { return nil }
      minutes = value
    }
    guard hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 60 + minutes)
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
