internal import JSON
package import Tweets

/// Why a record, or one element of a page, gave no tweet.
package struct DecodeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The cause, fit to count by.
  package enum Reason: String, Sendable, CaseIterable {
    /// The JSON ended in the middle.
    case truncated
    /// The bytes break the grammar of JSON.
    case syntax
    /// Containers nested deeper than the limit.
    case tooDeep
    /// More bytes than the tape can index.
    case tooLarge
    /// Valid JSON that is neither a tweet nor a notice.
    case unknownShape
    /// A tweet without a text.
    case noText
    /// A CSV header without a column of text.
    case noTextColumn
    /// A CSV record with more or fewer fields than the header.
    case fieldCount
    /// A CSV record with a broken quotation.
    case quoting
    /// The framer found the record longer than the limit.
    case tooLong
    /// The framer found the record cut.
    case cut
    /// The framer found bytes that belong to no record.
    case stray
    /// The record holds bytes that are not text.
    case binary
  }

  /// The cause.
  package var reason: Reason
  /// Offset of the fault in the record's bytes; nil where there is no single place.
  package var offset: Int?
  /// What was found and what was expected, in words.
  package var detail: String

  /// An error from its parts.
  package init(_ reason: Reason, offset: Int? = nil, _ detail: String) {
    self.reason = reason
    self.offset = offset
    self.detail = detail
  }

  /// The error that stands for what the framer found.
  package init(_ fault: RecordFault) {
    switch fault {
    case .tooLong:
      self.init(.tooLong, "the record is longer than max_line (--max-line) allows; raise it")
    case .cut: self.init(.cut, "the record is cut off in the middle; fetch the file again")
    case .stray: self.init(.stray, "the bytes belong to no record; remove them")
    case .openQuote: self.init(.quoting, "a quotation is never closed; quote the field anew")
    case .binary:
      self.init(.binary, "the record holds bytes that are not text; check the file for damage")
    }
  }

  /// The error that stands for a text that is no JSON.
  init(_ error: JSONError) {
    let reason: Reason =
      switch error.reason {
      case .truncated: .truncated
      case .syntax: .syntax
      case .tooDeep: .tooDeep
      case .tooLarge: .tooLarge
      }
    self.init(reason, offset: error.offset, error.detail)
  }

  /// The operation, the place, the cause and the remedy on one line.
  package var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "cannot decode the record\(place): \(detail) [\(reason.rawValue)]"
  }
}
