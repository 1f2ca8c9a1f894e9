import Tweets

/// The first rows of a table, split by one dialect.
struct TableSample {
  private static let mostRows = 60
  private static let longestRow = 16 << 10

  let dialect: CSVDialect
  /// Rows in file order, blank lines left out; a row that cannot be split is an empty one.
  private(set) var rows: [[String]] = []
  /// Bytes of the first row with its line end; nil when it is not there whole.
  private(set) var firstRowEnd: Int?

  init(_ block: ArraySlice<UInt8>, dialect: CSVDialect, isWhole: Bool) {
    self.dialect = dialect
    var start = block.startIndex
    while start < block.endIndex, rows.count < TableSample.mostRows {
      guard let row = TableSample.row(of: block[start...], dialect, isWhole: isWhole) else { break }
      var content = block[start..<start + row.content]
      if content.starts(with: RecordFramer.byteOrderMark) { content = content.dropFirst(3) }
      start += row.total
      if content.allSatisfy(RecordFramer.isBlank) { continue }
      if firstRowEnd == nil { firstRowEnd = start - block.startIndex }
      var bytes = Array(content)
      // Names of columns may be written in Windows-1252, as the records are.
      if !UTF8Text.isValid(bytes) { bytes = UTF8Text.repair(bytes, asWindows1252: true).bytes }
      rows.append((try? CSVFields.split(bytes[...], as: dialect)) ?? [])
    }
  }

  /// The row at the beginning: its bytes without and with the line end; nil when its end is not there.
  private static func row(
    of bytes: ArraySlice<UInt8>, _ dialect: CSVDialect, isWhole: Bool
  ) -> (content: Int, total: Int)? {
    var scanner = CSVScanner(dialect: dialect)
    let reach = bytes.prefix(longestRow)
    let outcome = scanner.scan(reach.span)
    var total = scanner.position
    switch outcome {
    case .complete: break
    case .broken: total = scanner.firstLineEnd
    case .more where scanner.firstLineEnd > 0: total = scanner.firstLineEnd  // an open quotation
    case .more:
      guard isWhole, reach.count == bytes.count else { return nil }
      return (TableSample.withoutReturn(bytes, total), total)
    }
    return (TableSample.withoutReturn(bytes, total - 1), total)
  }

  private static func withoutReturn(_ bytes: ArraySlice<UInt8>, _ count: Int) -> Int {
    count > 0 && bytes[bytes.startIndex + count - 1] == 0x0D ? count - 1 : count
  }

  /// Rows with just so many fields.
  func rows(ofCount count: Int) -> Int { rows.count { $0.count == count } }

  /// The most frequent number of fields.
  var usualCount: Int {
    var counts: [Int: Int] = [:]
    for row in rows { counts[row.count, default: 0] += 1 }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }

  /// The kind that all cells of a column have, empty ones left out; nil when they differ.
  func kind(ofColumn column: Int, rows: ArraySlice<[String]>) -> CellKind? {
    var kinds = Set(rows.filter { column < $0.count }.map { CellKind($0[column]) })
    kinds.remove(.empty)
    if kinds == [.id, .number] { return .number }
    return kinds.count == 1 ? kinds.first : nil
  }
}
