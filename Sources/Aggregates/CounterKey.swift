/// A counter of one source.
package struct CounterKey: Sendable, Hashable {
  /// The source's name; empty for the program as a whole.
  package var source: String
  /// What is counted: `decoded`, `undecodable`, `duplicates`, `late_dropped`, …
  package var name: String

  /// A counter from its parts.
  package init(source: String, name: String) {
    self.source = source
    self.name = name
  }
}
