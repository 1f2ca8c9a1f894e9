extension TOMLParser {
  // MARK: headers

  /// `[a.b]` or `[[a.b]]`: the table that begins and its depth.
  mutating func readHeader(_ root: TableDraft) throws(TOMLFault) -> (TableDraft, Int) {
    at += 1
    let isElement = take(UInt8(ascii: "["))
    let names = try readKey()
    let close = isElement ? "]]" : "]"
    guard starts(with: Array(close.utf8)) else {
      throw fault("expected \(close) after the name of the table, found \(found)")
    }
    at += close.utf8.count
    try checkDepth(names.count, at: names[0].offset)
    var table = root
    for name in names.dropLast() { table = try pass(name, of: table) }
    let last = names[names.count - 1]
    return (try isElement ? append(last, to: table) : define(last, in: table), names.count)
  }

  /// The table that a longer header goes through.
  private func pass(_ name: Name, of table: TableDraft) throws(TOMLFault) -> TableDraft {
    switch table.entries[name.text] {
    case nil:
      let inner = TableDraft(.passed, line: line)
      table.entries[name.text] = .table(inner)
      return inner
    case .table(let inner): return inner
    case .tables(let list): return list.tables[list.tables.count - 1]
    case .value(let value): throw notATable(name, line: value.line)
    }
  }

  private func define(_ name: Name, in table: TableDraft) throws(TOMLFault) -> TableDraft {
    switch table.entries[name.text] {
    case nil:
      let inner = TableDraft(.header, line: line)
      table.entries[name.text] = .table(inner)
      return inner
    case .table(let inner):
      guard inner.origin == .passed else { throw repeated("table", name, line: inner.line) }
      inner.origin = .header
      inner.line = line
      return inner
    case .tables(let list):
      throw fault(
        "\(TOMLParser.shown(name.text)) is a list of tables since line \(list.line); "
          + "write its name in double brackets [[ ]]", at: name.offset)
    case .value(let value): throw notATable(name, line: value.line)
    }
  }

  private func append(_ name: Name, to table: TableDraft) throws(TOMLFault) -> TableDraft {
    let element = TableDraft(.header, line: line)
    switch table.entries[name.text] {
    case nil:
      let list = TableDraft.ListDraft(line: line)
      list.tables.append(element)
      table.entries[name.text] = .tables(list)
    case .tables(let list): list.tables.append(element)
    case .table(let inner):
      throw fault(
        "\(TOMLParser.shown(name.text)) is a single table since line \(inner.line); "
          + "write both headers in double brackets [[ ]]", at: name.offset)
    case .value(let value): throw notATable(name, line: value.line)
    }
    return element
  }

  // MARK: keys with values

  /// `key = value`, with `depth` tables around it.
  mutating func readPair(into table: TableDraft, depth: Int) throws(TOMLFault) {
    let names = try readKey()
    let last = names[names.count - 1]
    guard take(UInt8(ascii: "=")) else {
      throw fault("expected = after the key \(TOMLParser.shown(last.text)), found \(found)")
    }
    try checkDepth(depth + names.count, at: names[0].offset)
    let start = line
    skipBlanks()
    let content = try readValue(depth: depth + names.count)
    var table = table
    for name in names.dropLast() { table = try enter(name, of: table, line: start) }
    if let entry = table.entries[last.text] { throw repeated("key", last, line: entry.line) }
    table.entries[last.text] = .value(TOMLValue(line: start, content: content))
  }

  /// The table that a dotted key goes into.
  private func enter(
    _ name: Name, of table: TableDraft, line: Int
  ) throws(TOMLFault) -> TableDraft {
    switch table.entries[name.text] {
    case nil:
      let inner = TableDraft(.dottedKey, line: line)
      table.entries[name.text] = .table(inner)
      return inner
    case .table(let inner) where inner.origin != .header:
      inner.origin = .dottedKey
      return inner
    case .table(let inner):
      throw fault(
        "the table \(TOMLParser.shown(name.text)) has a header on line \(inner.line); "
          + "write this key below that header", at: name.offset)
    case .tables(let list):
      throw fault(
        "\(TOMLParser.shown(name.text)) is a list of tables since line \(list.line); "
          + "a dotted key cannot add to it", at: name.offset)
    case .value(let value): throw notATable(name, line: value.line)
    }
  }

  // MARK: faults

  func checkDepth(_ depth: Int, at offset: Int) throws(TOMLFault) {
    guard depth <= TOMLDocument.deepest else {
      throw fault("expected at most \(TOMLDocument.deepest) levels of tables and lists", at: offset)
    }
  }

  private func notATable(_ name: Name, line: Int) -> TOMLFault {
    fault(
      "\(TOMLParser.shown(name.text)) is a value since line \(line); nothing can be added to it",
      at: name.offset)
  }

  private func repeated(_ what: String, _ name: Name, line: Int) -> TOMLFault {
    fault(
      "the \(what) \(TOMLParser.shown(name.text)) is already given on line \(line)",
      at: name.offset)
  }
}
