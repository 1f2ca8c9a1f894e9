/// A table while the document is read. A class, because headers and dotted keys come back to it.
final class TableDraft {
  /// What brought the table into being decides what may add to it.
  enum Origin {
    /// A header named a table inside it, such as `[a.b]` for `a`.
    case passed
    /// A header of its own, `[a]` or `[[a]]`. The top of the document counts as one.
    case header
    /// A dotted key, such as `a.b = 1` for `a`.
    case dottedKey
  }

  /// What stands under a name.
  enum Entry {
    case table(TableDraft)
    case tables(ListDraft)
    case value(TOMLValue)

    /// The line on which it was defined.
    var line: Int {
      switch self {
      case .table(let table): table.line
      case .tables(let list): list.line
      case .value(let value): value.line
      }
    }
  }

  /// The elements of `[[name]]` while the document is read.
  final class ListDraft {
    let line: Int
    var tables: [TableDraft] = []

    init(line: Int) { self.line = line }
  }

  var origin: Origin
  var line: Int
  var entries: [String: Entry] = [:]

  init(_ origin: Origin, line: Int) {
    self.origin = origin
    self.line = line
  }

  /// The values of the table. It recurses, and the parser bounds the depth.
  func frozen() -> [String: TOMLValue] {
    entries.mapValues { entry in
      switch entry {
      case .value(let value): value
      case .table(let table): TOMLValue(line: table.line, content: .table(table.frozen()))
      case .tables(let list):
        TOMLValue(
          line: list.line,
          content: .array(
            list.tables.map { TOMLValue(line: $0.line, content: .table($0.frozen())) }))
      }
    }
  }
}
