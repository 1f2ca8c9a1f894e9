internal import TOML

/// A value of a settings file, as the settings ask for it.
indirect enum TOMLNode: Equatable {
  case table([String: TOMLNode])
  case array([TOMLNode])
  case string(String)
  case integer(Int)
  case double(Double)
  case boolean(Bool)
  /// A date or a time, as written: no setting takes one.
  case moment(String)

  init(_ value: TOMLValue) {
    switch value.content {
    case .table(let values): self = .table(values.mapValues(TOMLNode.init))
    case .array(let items): self = .array(items.map(TOMLNode.init))
    case .string(let text): self = .string(text)
    case .integer(let number): self = .integer(number)
    case .double(let number): self = .double(number)
    case .boolean(let flag): self = .boolean(flag)
    case .moment(let text): self = .moment(text)
    }
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
