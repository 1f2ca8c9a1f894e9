/// A token that is never shown: it prints as `(secret)`, whoever prints it.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let value: String

  /// A secret of printable ASCII without blanks, 1 … 4096 characters; nil for anything else, which could smuggle a
  /// second header in.
  package init?(_ value: String) {
    guard (1...4096).contains(value.utf8.count),
      value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    self.value = value
  }

  /// The header that carries it.
  var authorization: String { "Authorization: Bearer \(value)" }

  /// `(secret)`.
  package var description: String { "(secret)" }
  /// `(secret)`.
  package var debugDescription: String { "(secret)" }
  /// Nothing to see.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
