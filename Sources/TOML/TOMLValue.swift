/// One value of a TOML document with the line on which it stands.
package struct TOMLValue: Equatable, Sendable {
  /// What a value can be.
  package indirect enum Content: Equatable, Sendable {
    case table([String: TOMLValue])
    case array([TOMLValue])
    case string(String)
    case integer(Int)
    case double(Double)
    case boolean(Bool)
    /// A date, a time or both, as written; its form and its range are checked.
    case moment(String)
  }

  /// The line, from 1, of the value's key, of the table's header, or of the list's element.
  package var line: Int
  package var content: Content

  package init(line: Int, content: Content) {
    self.line = line
    self.content = content
  }
}
