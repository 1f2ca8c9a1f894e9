/// Lines that are a piece of JSON and no tweet, however they came into a text.
enum JSONPiece {
  /// True for a line such as `"id": 12,`, `}, {` or the end of an object that was cut in its middle.
  static func isOne(_ line: ArraySlice<UInt8>) -> Bool {
    var line = line
    while let first = line.first, RecordFramer.isBlank(first) { line.removeFirst() }
    while let last = line.last, RecordFramer.isBlank(last) { line.removeLast() }
    if line.allSatisfy(isBracket) { return !line.isEmpty }
    if beginsMember(line) { return true }
    return endsObject(line)
  }

  private static func isBracket(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x5B, 0x5D, 0x7B, 0x7D, 0x2C, 0x3B, 0x20, 0x09: true  // [ ] { } , ;
    default: false
    }
  }

  /// `"name":` at the beginning.
  private static func beginsMember(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.first == 0x22 else { return false }
    let rest = line.dropFirst()
    guard let end = rest.firstIndex(of: 0x22), end > rest.startIndex,
      rest[..<end].allSatisfy({ isNameByte($0) })
    else { return false }
    return rest[(end + 1)...].first { !RecordFramer.isBlank($0) } == 0x3A
  }

  /// A brace at the end, and `":` or `","` before it: the rest of an object.
  private static func endsObject(_ line: ArraySlice<UInt8>) -> Bool {
    guard let last = line.last(where: { $0 != 0x2C && $0 != 0x5D }), last == 0x7D else {
      return false
    }
    return line.indices.dropLast().contains { line[$0] == 0x22 && line[$0 + 1] == 0x3A }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x40, 0x24, 0x2D: true
    default: false
    }
  }
}
