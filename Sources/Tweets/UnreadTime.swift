/// A time of a record that is not understood; its tweet is not counted.
package struct UnreadTime: Sendable, Hashable {
  /// Why a time is not understood.
  package enum Reason: String, Error, Sendable, CaseIterable {
    /// The field of the time is empty.
    case empty
    /// The text has no form that is known.
    case unknownForm
    /// The text does not have the form of the setting `time_format`.
    case otherForm
    /// Day and month can be exchanged, and the beginning of the file does not decide.
    case ambiguous
    /// The first dates of the file have the other order of day and month.
    case otherOrder
    /// The table has no column of that name, which the settings name.
    case noColumn
    /// The moment lies before the first tweet.
    case tooEarly
    /// The moment lies more than a day in the future.
    case tooLate
    /// The record has no time, and the setting `untimed` leaves such tweets out.
    case skipped
  }

  /// The longest text of a time in bytes; a longer text is no time.
  package static let longestText = 96

  /// The beginning of the text as it stands in the record, not yet safe to print.
  package var text: String
  /// Why it is not understood.
  package var reason: Reason

  /// An unread time from its parts; of a long text the beginning is kept.
  package init(text: some StringProtocol, reason: Reason) {
    let isLong = text.utf8.count > UnreadTime.longestText
    self.text =
      isLong
      ? String(decoding: text.utf8.prefix(UnreadTime.longestText), as: UTF8.self) : String(text)
    self.reason = reason
  }
}
