/// The way from the root of a document to one value.
package struct SettingsPath: Hashable {
  /// One step of the way.
  package enum Step: Hashable {
    case key(String)
    case index(Int)
  }

  package var steps: [Step]

  package init(_ steps: [Step] = []) { self.steps = steps }

  /// The path of a key of the table at this path.
  package func key(_ name: String) -> SettingsPath { SettingsPath(steps + [.key(name)]) }

  /// The path of an element of the list at this path.
  package func index(_ index: Int) -> SettingsPath { SettingsPath(steps + [.index(index)]) }

  /// The path without its last step; the root is its own parent.
  package var parent: SettingsPath { SettingsPath(Array(steps.dropLast())) }
}
