import Tweets

/// Tables: with a heading that is known, with one that is not, and without any.
extension FormatDetector {
  private static let separators: [UInt8] = [0x09, 0x3B, 0x7C, 0x2C]  // tab ; | ,

  /// The table that the block begins; nil when it begins none, or when its first row is not there whole.
  ///
  /// `isForced`: the settings say that it is one.
  func table(isForced: Bool) -> Framing? {
    guard let first = nonBlank(from: block.startIndex) else { return nil }
    var body = block[lineStart(of: first)...]
    var separators = hints.format == .tsv ? [0x09] : FormatDetector.separators
    let given = SeparatorLine(block[first...])
    if let given {
      body = body[(first + given.length)...]
      separators = [given.separator]
    }
    let samples = separators.map {
      TableSample(body, dialect: CSVDialect(separator: $0), isWhole: isWhole)
    }
    guard samples.contains(where: { $0.firstRowEnd != nil }) else {
      return isForced && isFull ? endless(samples, start: offset) : nil
    }
    let start = given == nil ? offset : place(of: body.startIndex)
    if let named = named(samples, body) ?? lone(samples, body) { return named }
    // Who names columns expects a table: without one of them it is refused, and not counted as text.
    let isSure = isForced || given != nil || !hints.columns.isEmpty
    if let found = consistent(samples, isSure: isSure), let sample = refined(found, body) {
      return framing(of: sample, body, start: start, isSure: isSure)
    }
    guard isSure else { return nil }
    let sample = samples.max { ($0.rows.first?.count ?? 0) < ($1.rows.first?.count ?? 0) }
    return sample.flatMap { refined($0, body) }.map { sample in
      hints.hasHeading == false
        ? unnamed(sample, start: start) : heading(of: sample, in: body)
    }
  }

  /// A table whose first row does not end: none of its columns is known.
  private func endless(_ samples: [TableSample], start: Int64) -> Framing? {
    samples.first.map {
      .csv(CSVHeader(columns: ["1"], dialect: $0.dialect, isNamed: false), start: start)
    }
  }

  private func lineStart(of index: Int) -> Int {
    block[..<index].lastIndex(of: 0x0A).map { $0 + 1 } ?? block.startIndex
  }

  private func place(of index: Int) -> Int64 { offset + Int64(index - block.startIndex) }

  // MARK: A heading that is known

  /// The sample whose first row names a text, or a column of the settings.
  private func named(_ samples: [TableSample], _ body: ArraySlice<UInt8>) -> Framing? {
    guard hints.hasHeading != false else { return nil }
    let found = samples.filter { sample in
      guard let row = sample.rows.first, row.count > 1, isHeading(row) else { return false }
      let header = CSVHeader(columns: row.map(FormatDetector.trimmed), dialect: sample.dialect)
      let isNamed = hints.columns.contains { name in
        header.columns.contains { $0.lowercased() == name.lowercased() }
      }
      guard header.textIndex != nil || isNamed else { return false }
      let data = sample.rows.dropFirst()
      // A row that cannot be split is no sign against a table.
      return 2 * data.count { $0.count != 1 } >= data.count
    }
    let best = found.max { ($0.rows.first?.count ?? 0) < ($1.rows.first?.count ?? 0) }
    return best.flatMap { refined($0, body) }.map { heading(of: $0, in: body) }
  }

  /// A first line that is nothing but the name of a text: a table of one column.
  private func lone(_ samples: [TableSample], _ body: ArraySlice<UInt8>) -> Framing? {
    guard hints.hasHeading != false, samples.allSatisfy({ $0.rows.first?.count == 1 }),
      let sample = samples.last, let name = sample.rows.first?.first
    else { return nil }
    let plain = CSVHeader.plain(name)
    let isNamed = hints.columns.contains { CSVHeader.plain($0) == plain }
    guard isNamed || CSVHeader.textNames.contains(where: { CSVHeader.plain($0) == plain }) else {
      return nil
    }
    return heading(of: sample, in: body)
  }

  /// True for a row of short names, of which some may be empty.
  private func isHeading(_ row: [String]) -> Bool {
    row.allSatisfy { cell in
      guard cell.utf8.count <= 64, cell.split(separator: " ").count <= 4 else { return false }
      return !CellKind(cell).isTyped || CellKind(cell) == .label
    }
  }

  private func heading(of sample: TableSample, in body: ArraySlice<UInt8>) -> Framing {
    let header = CSVHeader(
      columns: (sample.rows.first ?? []).map(FormatDetector.trimmed), dialect: sample.dialect)
    return .csv(header, start: place(of: body.startIndex + (sample.firstRowEnd ?? 0)))
  }

  private static func trimmed(_ name: String) -> String {
    var name = Substring(name)
    while name.first?.isWhitespace == true { name.removeFirst() }
    while name.last?.isWhitespace == true { name.removeLast() }
    return String(name)
  }

  // MARK: Rows that fit together

  /// The sample whose rows have one number of fields and look like those of a table.
  private func consistent(_ samples: [TableSample], isSure: Bool) -> TableSample? {
    let fitting = samples.filter { sample in
      let count = sample.usualCount
      guard count > 1, 10 * sample.rows(ofCount: count) >= 9 * sample.rows.count else {
        return false
      }
      if isSure { return true }
      if TableLayout(sample.rows, columns: count).isKnown { return true }
      guard sample.rows.count > 1 else { return false }
      return sample.dialect.separator == 0x09 || hasTypedColumn(sample, count)
        || hints.name == .csv || hints.name == .tsv || isQuoted(sample)
    }
    return fitting.max { $0.usualCount < $1.usualCount }
  }

  private func hasTypedColumn(_ sample: TableSample, _ count: Int) -> Bool {
    (0..<count).contains {
      sample.kind(ofColumn: $0, rows: sample.rows.dropFirst())?.isTyped == true
    }
  }

  /// True when the first row has quotation marks on both sides of a separator.
  private func isQuoted(_ sample: TableSample) -> Bool {
    let line = block.prefix { $0 != 0x0A }
    let pattern: [UInt8] = [0x22, sample.dialect.separator, 0x22]
    guard nonBlank(from: block.startIndex).map({ block[$0] }) == 0x22 else { return false }
    return line.indices.contains { line[$0...].starts(with: pattern) }
  }

  /// The sample by the dialect that fits most of its rows.
  private func refined(_ sample: TableSample, _ body: ArraySlice<UInt8>) -> TableSample? {
    guard let first = sample.rows.first else { return nil }
    var best = sample
    let others = first.dropFirst().filter { !$0.isEmpty }
    if !others.isEmpty, others.allSatisfy({ $0.first == " " }) {
      var dialect = sample.dialect
      dialect.skipsBlanks = true
      best = TableSample(body, dialect: dialect, isWhole: isWhole)
    }
    if zip(body, body.dropFirst()).contains(where: { $0 == 0x5C && $1 == 0x22 }) {
      var dialect = best.dialect
      dialect.usesBackslash = true
      let other = TableSample(body, dialect: dialect, isWhole: isWhole)
      let count = max(first.count, sample.usualCount)
      if other.rows(ofCount: count) > best.rows(ofCount: count) { best = other }
    }
    return best
  }

  // MARK: Tables whose heading is not known, or is missing

  private func framing(
    of sample: TableSample, _ body: ArraySlice<UInt8>, start: Int64, isSure: Bool
  ) -> Framing {
    let isHeaded = hints.hasHeading ?? (isSure ? !beginsWithData(sample) : looksHeaded(sample))
    return isHeaded ? heading(of: sample, in: body) : unnamed(sample, start: start)
  }

  /// True when the first row holds a number or a date, or the rows have a layout that is known.
  private func beginsWithData(_ sample: TableSample) -> Bool {
    let first = sample.rows.first ?? []
    return TableLayout(sample.rows, columns: max(1, sample.usualCount)).isKnown
      || first.contains { CellKind($0).isTyped && CellKind($0) != .label }
  }

  /// True when the first row is of names, above columns of something else.
  private func looksHeaded(_ sample: TableSample) -> Bool {
    guard let first = sample.rows.first, isHeading(first),
      !TableLayout(sample.rows, columns: sample.usualCount).isKnown
    else { return false }
    let data = sample.rows.dropFirst()
    let isAboveOthers = first.indices.contains {
      guard let kind = sample.kind(ofColumn: $0, rows: data), kind.isTyped else { return false }
      return CellKind(first[$0]) != kind
    }
    return isAboveOthers || data.isEmpty
      || first.contains { TableLayout.usualNames.contains(CSVHeader.plain($0)) }
  }

  private func unnamed(_ sample: TableSample, start: Int64) -> Framing {
    let layout = TableLayout(sample.rows, columns: max(1, sample.usualCount))
    return .csv(
      CSVHeader(columns: layout.names, dialect: sample.dialect, isNamed: false), start: start)
  }
}
