private import TOMLKit

/// A settings document as plain Swift values.
///
/// TOMLKit's values are views of memory that it never frees; copying them once keeps pointers out of
/// the reader.
indirect enum TOMLNode: Equatable {
  case table([String: TOMLNode])
  case array([TOMLNode])
  case string(String)
  case integer(Int)
  case double(Double)
  case boolean(Bool)
  /// A date or a time, as written: no setting takes one.
  case moment(String)

  /// Parses a document; a mistake of syntax tells its line and column.
  static func parse(_ text: String) throws(TOMLSyntaxError) -> [String: TOMLNode] {
    let root: TOMLTable
    do {
      root = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw TOMLSyntaxError(
        line: error.source.begin.line, column: error.source.begin.column,
        message: error.description)
    } catch {
      throw TOMLSyntaxError(line: 1, column: 1, message: "\(error)")
    }
    return copy(root)
  }

  private static func copy(_ table: TOMLTable) -> [String: TOMLNode] {
    var result: [String: TOMLNode] = [:]
    for (key, value) in table { result[key] = copy(value.tomlValue) }
    return result
  }

  private static func copy(_ value: TOMLValue) -> TOMLNode {
    if let table = value.table { return .table(copy(table)) }
    if let array = value.array {
      return .array((0..<array.count).map { copy(array[$0].tomlValue) })
    }
    if let text = value.string { return .string(text) }
    if let number = value.int { return .integer(number) }
    if let number = value.double { return .double(number) }
    if let flag = value.bool { return .boolean(flag) }
    return .moment(value.debugDescription)
  }

  /// The value in words, for "found …" in a message.
  var words: String {
    switch self {
    case .table: "a table"
    case .array(let items): TOMLNode.words(items)
    case .string(let text): "the text \"\(SettingsText.excerpt(text))\""
    case .integer(let number): "the number \(number)"
    case .double(let number): "the number \(number)"
    case .boolean(let flag): "\(flag)"
    case .moment(let text): "the date or time \(SettingsText.excerpt(text))"
    }
  }
}

extension TOMLNode {
  /// True for a table.
  var isTable: Bool { if case .table = self { true } else { false } }

  /// A short list of numbers as it stands, any other list by its length.
  private static func words(_ items: [TOMLNode]) -> String {
    guard !items.isEmpty else { return "an empty list" }
    let numbers = items.compactMap { item -> String? in
      switch item {
      case .integer(let number): "\(number)"
      case .double(let number): "\(number)"
      default: nil
      }
    }
    guard numbers.count == items.count, items.count <= 4 else {
      return "a list of \(items.count)"
    }
    return "[\(numbers.joined(separator: ", "))]"
  }
}

/// Where and why a document is not TOML.
struct TOMLSyntaxError: Error, Equatable {
  var line: Int
  var column: Int
  var message: String
}
