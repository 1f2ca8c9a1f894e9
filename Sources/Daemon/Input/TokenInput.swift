import ELMo
import Ingest
import JSON
import TweetText

/// The token rows of `embed --tokens`: one a line, an empty line is a row without tokens.
///
/// A line is a JSON array of texts, or tokens between single blanks; the first line that is not empty decides for the file.
/// With a file of lengths, what lies past a row's length is padding and is left out.
struct TokenInput: ~Copyable {
  private var rows: LineInput
  private var lengths: LineInput?
  private let file: String
  private let lengthsFile: String
  private var isJSON: Bool?
  private var document = JSONDocument()

  /// Token rows of a file; `lengths` names a file with one number a line, `isJSON` is nil where the first line decides.
  init(file: String, lengths: String?, isJSON: Bool?, options: IngestOptions) {
    self.file = file
    lengthsFile = lengths ?? ""
    rows = LineInput(file: file, options: options)
    if let lengths { self.lengths = LineInput(file: lengths, options: options) }
    self.isJSON = isJSON
  }

  /// The tokens of the next row; nil at the end.
  mutating func next() throws -> [ELMoToken]? {
    guard let line = try rows.next() else {
      if let extra = try lengths?.next(), !isBlank(extra.bytes) {
        throw refusal("\(lengthsFile), line \(extra.number)", "a length without a row of tokens")
      }
      return nil
    }
    let tokens = try tokens(of: line)
    guard let length = try nextLength(for: line) else { return tokens }
    guard length <= tokens.count else {
      throw refusal(
        "\(file), line \(line.number)",
        "the length is \(length), the row has \(tokens.count) tokens")
    }
    return Array(tokens[..<length])
  }

  private mutating func tokens(of line: LineInput.Line) throws -> [ELMoToken] {
    if isBlank(line.bytes) { return [] }
    let isJSON = isJSON ?? (row(ofJSON: line.bytes) != nil)
    self.isJSON = isJSON
    guard isJSON else { return ELMoToken.tokenLine(line.bytes) }
    guard let row = row(ofJSON: line.bytes) else {
      throw refusal(
        "\(file), line \(line.number)", "no JSON array of texts, as the lines before it are")
    }
    return row.map { ELMoToken(vocabulary: Array($0.utf8)) }
  }

  /// The texts of a JSON array that holds nothing else; nil for any other line.
  private mutating func row(ofJSON bytes: [UInt8]) -> [String]? {
    guard bytes.first(where: { $0 != 0x20 }) == UInt8(ascii: "["),
      (try? document.parse(bytes)) != nil, document.kind(of: document.root) == .array
    else { return nil }
    var row: [String] = []
    for element in document.elements(of: document.root) {
      guard let text = document.string(element) else { return nil }
      row.append(text)
    }
    return row
  }

  private mutating func nextLength(for row: LineInput.Line) throws -> Int? {
    guard lengths != nil else { return nil }
    guard let line = try lengths?.next() else {
      throw refusal(lengthsFile, "ends before \(file) does, which has a line \(row.number)")
    }
    let text = String(decoding: line.bytes.filter { $0 != 0x20 }, as: UTF8.self)
    guard let length = Int(text), length >= 0 else {
      throw refusal("\(lengthsFile), line \(line.number)", "expected a whole number from 0 on")
    }
    return length
  }

  private func isBlank(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
  }

  private func refusal(_ place: String, _ cause: String) -> CommandFailure {
    CommandFailure(
      "\(place): \(cause)", remedy: "give one row of tokens and one length for each line",
      code: .badInput)
  }
}
