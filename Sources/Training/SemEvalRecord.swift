/// A line of a SemEval file of tweets, without a header: `id<TAB>label<TAB>text`, or as in 2013 `id<TAB>user<TAB>label<TAB>text`.
package struct SemEvalRecord: Sendable, Equatable {
  /// The tweet's id.
  package let id: String
  /// The label as it stands.
  package let label: String
  /// The text as its author wrote it, as far as that can be told.
  package let text: String

  /// What a text stands as when the tweet was gone before it was downloaded.
  package static let unavailable = "Not Available"

  /// Splits a line; nil when it has fewer than three fields, as the second half of a broken record
  /// has. What follows the text behind another tab is left out.
  package init?(_ line: String) {
    var fields = line.split(separator: "\t", maxSplits: 4, omittingEmptySubsequences: false)
    guard fields.count >= 3 else { return nil }
    id = String(fields[0])
    if fields.count >= 4, SemEvalRecord.isNumber(fields[1]),
      SemEvalRecord.label(fields[2]) != nil
    {
      fields.remove(at: 1)
    }
    label = SemEvalRecord.label(fields[1]) ?? String(fields[1])
    text = SemEvalRecord.plain(String(fields[2]))
  }

  /// The label that a field holds, quoted or not; what SemEval calls objective is neutral.
  private static func label(_ field: Substring) -> String? {
    let word = field.replacing("\"", with: "").lowercased()
    switch word {
    case "negative", "neutral", "positive": return word
    case "objective", "objective-or-neutral": return "neutral"
    default: return nil
    }
  }

  private static func isNumber(_ field: Substring) -> Bool {
    !field.isEmpty && field.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// True when a line is such a record with a label of SemEval: how the format is recognised.
  package static func matches(_ line: String) -> Bool {
    guard let record = SemEvalRecord(line) else { return false }
    return isNumber(record.id[...]) && label(record.label[...]) != nil
  }

  /// A text without what SemEval's files did to it.
  ///
  /// `\u002c` and the like become their characters, `\""` and doubled quotes become one, and the
  /// quotes around the whole, of which the closing one is sometimes lost, go.
  package static func plain(_ text: String) -> String {
    var bytes = Array(text.utf8)[...]
    while let last = bytes.last, [0x20, 0x09, 0x0D].contains(last) { bytes.removeLast() }
    while let first = bytes.first, [0x20, 0x09].contains(first) { bytes.removeFirst() }
    if bytes.first == quote {
      bytes.removeFirst()
      if bytes.last == quote { bytes.removeLast() }
    }
    var plain: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if let (scalar, end) = escape(in: bytes, at: index) {
        plain.append(contentsOf: Array(String(scalar).utf8))
        index = end
        continue
      }
      // \"" and "" stand for one quote.
      let first = bytes[index] == backslash ? index + 1 : index
      if first + 1 < bytes.endIndex, bytes[first] == quote, bytes[first + 1] == quote {
        plain.append(quote)
        index = first + 2
        continue
      }
      plain.append(bytes[index])
      index += 1
    }
    return String(decoding: plain, as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  // A backslash, u and four hexadecimal digits that name a character.
  private static func escape(
    in bytes: ArraySlice<UInt8>, at start: Int
  ) -> (Unicode.Scalar, Int)? {
    let end = start + 6
    guard end <= bytes.endIndex, bytes[start] == backslash,
      bytes[start + 1] == UInt8(ascii: "u")
    else { return nil }
    let digits = bytes[(start + 2)..<end]
    guard digits.allSatisfy({ $0 < 0x80 && Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
      value >= 0x20, let scalar = Unicode.Scalar(value)
    else { return nil }
    return (scalar, end)
  }
}
