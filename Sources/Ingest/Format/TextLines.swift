/// The first lines of an input, as the detection looks at them.
struct TextLines {
  private static let most = 200

  /// Lines without their ends, blank ones left out.
  private(set) var lines: [ArraySlice<UInt8>] = []
  /// True when at least one line is there whole.
  let hasWhole: Bool

  init(_ block: ArraySlice<UInt8>, isWhole: Bool) {
    var rest = block
    var whole = 0
    while !rest.isEmpty, lines.count < TextLines.most {
      let end = rest.firstIndex(of: 0x0A)
      guard end != nil || isWhole else { break }
      let line = TextLines.trimmed(rest[..<(end ?? rest.endIndex)])
      rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
      guard !line.isEmpty else { continue }
      whole += 1
      lines.append(line)
    }
    hasWhole = whole > 0
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    if line.starts(with: RecordFramer.byteOrderMark) { line = line.dropFirst(3) }
    while let first = line.first, RecordFramer.isBlank(first) { line.removeFirst() }
    while let last = line.last, RecordFramer.isBlank(last) { line.removeLast() }
    return line
  }

  /// Server-sent events: fields at the beginnings of lines, and one of them is data that is JSON; or, where only few
  /// lines are there, nothing but such fields and comments of one word.
  var areEvents: Bool {
    guard let first = lines.first, TextLines.fields.contains(where: { first.starts(with: $0) })
    else { return false }
    return lines.contains(where: TextLines.isData) || lines.allSatisfy(TextLines.isField)
  }

  private static let fields = ["event:", "data:", "id:", "retry:", ":"].map { Array($0.utf8) }

  private static func isData(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.starts(with: fields[1]) else { return false }
    let data = line.dropFirst(5).drop { $0 == 0x20 }
    return data.first == UInt8(ascii: "{")
      || (!data.isEmpty && data.allSatisfy { $0 &- 0x30 < 10 })
  }

  /// `event: update`, `id: 12`, `:thump`, a lone colon.
  private static func isField(_ line: ArraySlice<UInt8>) -> Bool {
    if isData(line) { return true }
    guard let field = fields.first(where: { line.starts(with: $0) }), field != fields[1] else {
      return false
    }
    let value = line.dropFirst(field.count).drop { $0 == 0x20 }
    // `:D` is a face and no comment.
    guard value.isEmpty || value.count > 2 || field.count > 1 else { return false }
    return value.allSatisfy {
      ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 &- 0x30 < 10 || $0 == 0x2E || $0 == 0x5F
    }
  }

  /// A dump that gives each document's length on the line before it.
  var areLengthsAndDocuments: Bool {
    guard let first = lines.first, RecordFramer.isLengthLine(first) else { return false }
    return lines.dropFirst().first?.first == UInt8(ascii: "{")
  }
}
