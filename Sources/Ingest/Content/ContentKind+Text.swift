extension ContentKind {
  /// True for text in UTF-16 or UTF-32: by its byte order mark, or because every second byte is zero.
  static func isWideText(_ bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      || bytes.starts(with: [0, 0, 0xFE, 0xFF])
    {
      return true
    }
    guard bytes.count >= 16 else { return false }
    var zeros = [0, 0, 0, 0]
    var controls = 0
    for (index, byte) in bytes.prefix(4096).enumerated() {
      if byte == 0 { zeros[index % 4] += 1 } else if isControl(byte) { controls += 1 }
    }
    let units = min(bytes.count, 4096) / 4
    guard controls * 50 <= units else { return false }
    func often(_ places: Int...) -> Bool { places.allSatisfy { zeros[$0] * 10 >= units * 3 } }
    func mostly(_ places: Int...) -> Bool { places.allSatisfy { zeros[$0] * 10 >= units * 8 } }
    func rarely(_ places: Int...) -> Bool { places.allSatisfy { zeros[$0] * 50 <= units } }
    if often(1), mostly(2, 3), rarely(0) { return true }  // UTF-32, little end first
    if often(2), mostly(0, 1), rarely(3) { return true }
    if often(1, 3), rarely(0, 2) { return true }  // UTF-16, little end first
    return often(0, 2) && rarely(1, 3)
  }

  /// True for bytes that text does not hold: control characters but tab, line ends, form feed and escape.
  static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 ? !(0x09...0x0D).contains(byte) && byte != 0x1B : byte == 0x7F
  }

  /// Why the bytes are not text in an encoding of one byte a character or in UTF-8; nil when they may be.
  static func textFault(_ bytes: ArraySlice<UInt8>) -> ForeignContent? {
    let controls = bytes.count { isControl($0) && $0 != 0 }
    if controls * 50 > bytes.count || !areHoles(bytes) { return ForeignContent("binary data") }
    var faults = UTF8Faults(bytes)
    faults.dropCutEnd()
    guard faults.bad * 10 > faults.high else { return nil }
    // Windows-1252 leaves five places empty and has few signs in the others below 0xA0.
    let undefined = bytes.count { [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains($0) }
    let signs = bytes.count { (0x80..<0xA0).contains($0) && !isTypographic($0) }
    let isPlausible =
      undefined * 100 <= faults.high && signs * 3 <= faults.high * 2
      && (faults.high < 8 || faults.high * 10 <= bytes.count * 3)
    return isPlausible
      ? nil
      : ForeignContent(
        "text in an unknown encoding or binary data", remedy: "convert it to UTF-8 first")
  }

  /// True for what Windows-1252 has of quotation marks, dashes, dots, the euro and the trade mark: texts are full of them.
  private static func isTypographic(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x80, 0x85, 0x91...0x97, 0x99: true
    default: false
    }
  }

  /// True when zero bytes stand in few runs behind a whole line: a crash leaves such holes in a file of text.
  private static func areHoles(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.firstIndex(of: 0) else { return true }
    guard bytes[..<first].contains(0x0A) else { return false }
    var runs = 0
    var previous: UInt8 = 1
    for byte in bytes {
      if byte == 0, previous != 0 { runs += 1 }
      previous = byte
    }
    return runs * 256 <= bytes.count + 255
  }

  /// True for a record that no text file holds: it has zero bytes or many control characters.
  static func isBinary(record: [UInt8]) -> Bool {
    var zeros = 0
    var controls = 0
    for byte in record where byte < 0x20 || byte == 0x7F {
      if byte == 0 { zeros += 1 }
      if isControl(byte) { controls += 1 }
    }
    return zeros > 1 || (controls > 1 && controls * 32 > record.count)
  }
}

/// Counts the bytes above ASCII and those of them that are not UTF-8.
struct UTF8Faults {
  private(set) var high = 0
  private(set) var bad = 0
  private var cut = 0

  init(_ bytes: ArraySlice<UInt8>) {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let first = bytes[index]
      guard first >= 0x80 else {
        index += 1
        continue
      }
      let length = UTF8Faults.length(first)
      var good = 1
      while good < length, index + good < bytes.endIndex, bytes[index + good] & 0xC0 == 0x80 {
        good += 1
      }
      high += good
      if good < length || length == 0 {
        bad += good
        cut = index + good == bytes.endIndex && length > 0 ? good : 0
      }
      index += good
    }
  }

  /// Forgives a sequence that the end of the bytes cuts.
  mutating func dropCutEnd() {
    bad -= cut
    cut = 0
  }

  private static func length(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }
}
