/// How the characters of an input are written.
package enum TextEncoding: Sendable, Equatable {
  /// UTF-8; bytes that are not are replaced.
  case utf8
  /// Nothing beyond ASCII was seen in the first block: each record tells by itself.
  case ascii
  /// Windows-1252, of which Latin-1 is a part; a record that is valid UTF-8 is read as UTF-8.
  case windows1252
  /// Another one, by the name that iconv knows.
  case other(String)

  /// The encoding of a setting; nil when iconv does not know the name. `auto` is not one.
  package init?(name: String) {
    switch name.lowercased().filter({ !"-_ ".contains($0) }) {
    case "utf8": self = .utf8
    case "ascii", "usascii": self = .ascii
    case "windows1252", "cp1252", "latin1", "iso88591": self = .windows1252
    case "utf16", "utf16le": self = .other("UTF-16LE")
    case "utf16be": self = .other("UTF-16BE")
    case "utf32", "utf32le": self = .other("UTF-32LE")
    case "utf32be": self = .other("UTF-32BE")
    default:
      let isName = name.utf8.allSatisfy {
        ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x2D
          || $0 == 0x5F || $0 == 0x3A || $0 == 0x2E
      }
      guard isName, (1...64).contains(name.utf8.count), CharacterConverter(from: name) != nil
      else { return nil }
      self = .other(name)
    }
  }

  /// The name that log and tables show.
  package var name: String {
    switch self {
    case .utf8, .ascii: "utf-8"
    case .windows1252: "windows-1252"
    case .other(let name): name.lowercased()
    }
  }

  /// Bytes of one unit, which an invalid one costs.
  var unitSize: Int {
    guard case .other(let name) = self else { return 1 }
    return name.hasPrefix("UTF-16") ? 2 : name.hasPrefix("UTF-32") ? 4 : 1
  }

  // MARK: Detection

  /// What the first bytes say: a byte order mark, zeros where UTF-16 has them, characters of UTF-8.
  package static func detect(_ block: ArraySlice<UInt8>, isWhole: Bool) -> TextEncoding {
    let start = Array(block.prefix(4))
    if start == [0xFF, 0xFE, 0, 0] { return .other("UTF-32LE") }
    if start == [0, 0, 0xFE, 0xFF] { return .other("UTF-32BE") }
    if start.starts(with: [0xFF, 0xFE]) { return .other("UTF-16LE") }
    if start.starts(with: [0xFE, 0xFF]) { return .other("UTF-16BE") }
    if block.contains(0), let found = utf16(block) { return found }
    let count = UTF8Text.count(block, isWhole: isWhole)
    if count == UTF8Text.Count() { return .ascii }
    return count.invalid > count.characters ? .windows1252 : .utf8
  }

  /// UTF-16 without a mark: one byte of nearly every unit of ASCII is zero, always the same one.
  private static func utf16(_ block: ArraySlice<UInt8>) -> TextEncoding? {
    var zeros = [0, 0]
    var controls = 0  // units below a blank that no text has
    for (index, byte) in block.enumerated() where byte == 0 { zeros[index & 1] += 1 }
    let isLittle = zeros[1] > zeros[0]
    let units = block.count / 2
    guard units > 0, max(zeros[0], zeros[1]) * 4 >= units, min(zeros[0], zeros[1]) * 50 <= units
    else { return nil }
    for unit in 0..<units {
      let first = block.startIndex + 2 * unit
      let (low, high) =
        isLittle ? (block[first], block[first + 1]) : (block[first + 1], block[first])
      if high == 0, low < 0x20, !(0x09...0x0D).contains(low) { controls += 1 }
    }
    guard controls * 50 <= units else { return nil }
    return .other(isLittle ? "UTF-16LE" : "UTF-16BE")
  }
}
