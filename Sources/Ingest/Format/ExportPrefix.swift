/// What stands before the array of a file of an account export: `window.YTD.tweets.part0 = [`.
enum ExportPrefix {
  /// Bytes that it may have before its bracket.
  static let reach = 256
  private static let starts: [[UInt8]] = [
    "window.", "YTD.", "Grailbird.", "var ", "let ", "const ",
  ].map { Array($0.utf8) }

  /// Bytes up to and with the equals sign; nil when that is not there, or no bracket follows it.
  static func match(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard starts.contains(where: { bytes.starts(with: $0) }) else { return nil }
    let reached = bytes.prefix(reach)
    guard let sign = reached.firstIndex(of: UInt8(ascii: "=")),
      reached[..<sign].allSatisfy(isName),
      let next = reached[(sign + 1)...].first(where: { !RecordFramer.isBlank($0) && $0 != 0x0A })
    else { return nil }
    return next == UInt8(ascii: "[") || next == UInt8(ascii: "{")
      ? sign + 1 - bytes.startIndex : nil
  }

  /// True when an export begins so, its bracket on the next line perhaps.
  static func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
    if match(bytes) != nil { return true }
    guard starts.contains(where: { bytes.starts(with: $0) }),
      let sign = bytes.prefix(reach).firstIndex(of: UInt8(ascii: "="))
    else { return false }
    return bytes[..<sign].allSatisfy(isName)
      && bytes[(sign + 1)...].allSatisfy { RecordFramer.isBlank($0) || $0 == 0x0A }
  }

  /// True when more bytes may make it one.
  static func mayBecomeOne(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count < reach else { return false }
    guard starts.contains(where: { $0.starts(with: bytes) || bytes.starts(with: $0) }) else {
      return false
    }
    guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")) else {
      return bytes.allSatisfy(isName)
    }
    return bytes[..<sign].allSatisfy(isName)
      && bytes[(sign + 1)...].allSatisfy { RecordFramer.isBlank($0) || $0 == 0x0A }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x24, 0x20: true  // 0-9 A-Z a-z _ . $
    default: false
    }
  }
}
