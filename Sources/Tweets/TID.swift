/// The timestamp identifiers of the AT Protocol (https://atproto.com/specs/tid).
package enum TID {
  /// The 63 bits of an identifier of 13 digits; nil for anything else.
  package static func number(_ text: some StringProtocol) -> Int64? {
    guard text.utf8.count == 13 else { return nil }
    var number: UInt64 = 0
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case 0x32...0x37: digit = byte - 0x32  // 2 … 7
      case 0x61...0x7A: digit = byte - 0x61 + 6  // a … z
      default: return nil
      }
      number = number << 5 | UInt64(digit)
    }
    return Int64(exactly: number & 0x7FFF_FFFF_FFFF_FFFF)
  }
}
