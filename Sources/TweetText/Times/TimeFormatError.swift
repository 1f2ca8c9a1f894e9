/// Why a text is no format of times.
package struct TimeFormatError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Offset in bytes of what is wrong; nil where it is the whole.
  package var place: Int?
  /// What is wrong, and what is right.
  package var cause: String

  /// The place and the cause.
  package var description: String { place.map { "at character \($0 + 1): \(cause)" } ?? cause }
}
