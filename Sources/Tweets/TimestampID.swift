/// A timestamp identifier of the AT protocol: the usual key of a record, and the number of a revision.
///
/// Thirteen digits of base 32 that sort as text the way they do as numbers: 53 bits of microseconds since 1970,
/// ten bits of the clock that gave them (https://atproto.com/specs/tid).
package struct TimestampID: Sendable, Equatable {
  /// All 63 bits; of two revisions the later one has the greater value.
  package let value: Int64

  /// Reads an identifier; nil for what is none.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 13 else { return nil }
    var value: UInt64 = 0
    for (index, byte) in text.utf8.enumerated() {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "2")...UInt8(ascii: "7"): digit = byte - UInt8(ascii: "2")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 6
      default: return nil
      }
      // Of 65 bits the first two are 0.
      guard index > 0 || digit < 8 else { return nil }
      value = value << 5 | UInt64(digit)
    }
    self.value = Int64(value)
  }

  /// The identifier that a moment in microseconds since 1970 begins with; nil for one out of range.
  package init?(microseconds: Int64) {
    guard (0..<1 << 53).contains(microseconds) else { return nil }
    value = microseconds << 10
  }

  /// When it was given.
  package var time: Timestamp { Timestamp(milliseconds: (value >> 10) / 1000) }
}
