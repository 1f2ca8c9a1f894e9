/// Where and why a text is not TOML.
package struct TOMLFault: Error, Equatable, Sendable {
  /// The line, from 1.
  package var line: Int
  /// The column, from 1, in Unicode scalars.
  package var column: Int
  /// What is expected and what was found. It may repeat a short piece of the text as it is.
  package var message: String
}
