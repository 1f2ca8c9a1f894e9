/// How much of the beginning of a text is JSON.
enum DocumentCount {
  private static let most = 200

  /// Whole objects, over as many lines as each takes, and lines between them that are not blank.
  static func of(_ block: ArraySlice<UInt8>) -> (documents: Int, others: Int) {
    var documents = 0
    var others = 0
    var rest = block
    while documents + others < most {
      rest = rest.drop { $0 == 0x0A || RecordFramer.isBlank($0) }
      guard let first = rest.first else { break }
      var scanner = DocumentScanner(indent: 0, depth: 64)
      if first == UInt8(ascii: "{"), case .complete = scanner.scan(rest.span) {
        documents += 1
        rest = rest.dropFirst(scanner.position)
      } else {
        others += 1
      }
      rest = rest.drop { $0 != 0x0A }
    }
    return (documents, others)
  }
}
