package import TOML

/// Finds the lines on which the keys of a settings file stand.
package struct SettingsLocator {
  private let root: TOMLValue

  /// Takes the values of a document, each with its line.
  package init(_ values: [String: TOMLValue]) {
    root = TOMLValue(line: 1, content: .table(values))
  }

  /// The line, from 1, of the value at the path, or of the nearest table or list around it.
  package func line(of path: SettingsPath) -> Int {
    var value = root
    for step in path.steps {
      guard let next = SettingsLocator.value(at: step, of: value) else { break }
      value = next
    }
    return value.line
  }

  private static func value(at step: SettingsPath.Step, of value: TOMLValue) -> TOMLValue? {
    switch (step, value.content) {
    case (.key(let name), .table(let values)): values[name]
    case (.index(let index), .array(let items)) where items.indices.contains(index): items[index]
    default: nil
    }
  }
}
