/// The line that tells spreadsheets the separator: `sep=;`.
struct SeparatorLine {
  let separator: UInt8
  /// Bytes with the line end.
  let length: Int

  /// The line at the beginning of the bytes; nil when it is not there whole.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard let end = bytes.firstIndex(of: 0x0A) else { return nil }
    let line = bytes[..<end].filter { $0 != 0x22 && $0 != 0x0D }
    guard line.count == 5, String(decoding: line.prefix(4), as: UTF8.self).lowercased() == "sep=",
      [0x2C, 0x3B, 0x09, 0x7C].contains(line[4])
    else { return nil }
    separator = line[4]
    length = end + 1 - bytes.startIndex
  }
}
