/// Why a text is no JSON document that is read here.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The cause, fit to count by.
  package enum Reason: String, Sendable, CaseIterable {
    /// The text ended in the middle.
    case truncated
    /// The bytes break the grammar of JSON.
    case syntax
    /// Containers nested deeper than the limit.
    case tooDeep
    /// More bytes than the tape can index.
    case tooLarge
  }

  /// The cause.
  package var reason: Reason
  /// Offset of the fault in the text's bytes; nil where there is no single place.
  package var offset: Int?
  /// What was found and what was expected, in words.
  package var detail: String

  /// An error from its parts.
  package init(_ reason: Reason, offset: Int? = nil, _ detail: String) {
    self.reason = reason
    self.offset = offset
    self.detail = detail
  }

  /// The place and the cause on one line.
  package var description: String { offset.map { "\(detail) at byte \($0)" } ?? detail }
}
