import Tweets

/// Tells by the first bytes of an input what it is; a value that knows no file.
struct FormatDetector {
  /// Bytes that are looked at, at most.
  static let blockSize = 64 << 10

  let block: ArraySlice<UInt8>
  /// The offset of the block's first byte.
  let offset: Int64
  /// True when no bytes follow the block.
  let isWhole: Bool
  let hints: FormatHints

  /// What the input is; nil when the block holds too little to tell.
  func detect() -> Framing? {
    switch hints.format {
    case .text: return .text
    case .jsonl: return .json
    case .csv, .tsv: return table(isForced: true)
    case .auto: break
    }
    guard let first = firstByte else { return isFull ? .mixed : nil }
    if let isDocument = beginsDocuments(at: first) { return isDocument ? .json : byLines }
    return isFull ? .json : nil  // a bracket and nothing but blanks
  }

  /// True when no more bytes are to be waited for.
  var isFull: Bool { isWhole || block.count >= FormatDetector.blockSize }

  /// The place of the first byte that is no blank, no line end and no byte order mark.
  private var firstByte: Int? { nonBlank(from: block.startIndex) }

  func nonBlank(from start: Int) -> Int? {
    var index = start
    while index < block.endIndex {
      let byte = block[index]
      if byte == 0xEF, block[index...].starts(with: RecordFramer.byteOrderMark) {
        index += 3
      } else if byte == 0x0A || RecordFramer.isBlank(byte) {
        index += 1
      } else {
        return index
      }
    }
    return nil
  }

  /// Whether JSON documents begin there; nil while a lone bracket does not tell.
  private func beginsDocuments(at first: Int) -> Bool? {
    switch block[first] {
    case UInt8(ascii: "{"):
      guard let next = nonBlank(from: first + 1) else { return nil }
      // A quotation mark of Python is no JSON, but neither is it a text.
      return [0x22, 0x7D, 0x27].contains(block[next])  // " } '
    case UInt8(ascii: "["):
      guard let next = nonBlank(from: first + 1) else { return nil }
      return [0x7B, 0x5B, 0x5D, 0x22].contains(block[next])  // { [ ] "
    case UInt8(ascii: "\""):
      return block[first...].starts(with: [0x22, 0x7B, 0x5C, 0x22])  // "{\"
    default:
      return ExportPrefix.begins(block[first...])
    }
  }

  private var byLines: Framing? {
    let lines = TextLines(block, isWhole: isFull)
    guard lines.hasWhole else { return isFull ? .mixed : nil }
    if lines.areEvents { return .events }
    if lines.areLengthsAndDocuments { return .json }
    let (documents, others) = DocumentCount.of(block)
    if documents > others { return .json }
    if let table = table(isForced: false) { return table }
    return documents == others && documents > 0 && hints.name == .jsonl ? .json : .mixed
  }
}
