package import Tweets

extension Timestamp {
  /// Reads the times that archives of tweets hold.
  ///
  /// `Wed Oct 10 20:19:24 +0000 2018` (also with a zone `UTC`, `GMT`, `PST`, `PDT`, `EST`, `EDT`), RFC 3339 and
  /// its relatives such as `2015-08-07 09:54:46 -0700`, and seconds or milliseconds since 1970 in digits.
  package init?(tweetTime text: some StringProtocol) {
    self.init(tweetTime: Array(text.utf8)[...])
  }

  init?(tweetTime text: ArraySlice<UInt8>) {
    var bytes = text
    while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    guard let first = bytes.first, bytes.count <= 40 else { return nil }
    if first &- 0x30 < 10 {
      if bytes.allSatisfy({ $0 &- 0x30 < 10 }) {
        self.init(epochDigits: bytes)
      } else {
        self.init(rfc3339: String(decoding: bytes, as: UTF8.self))
      }
    } else {
      self.init(weekdayForm: bytes)
    }
  }

  /// Seconds in nine or ten digits, milliseconds in twelve or thirteen.
  init?(epochDigits bytes: ArraySlice<UInt8>) {
    guard let value = Timestamp.digits(bytes) else { return nil }
    switch bytes.count {
    case 9, 10: self.init(seconds: value)
    case 12, 13: self.init(milliseconds: value)
    default: return nil
    }
  }

  /// The moment that is written into a snowflake id; older ids, given in sequence until November 2010, hold none.
  package init?(snowflake id: String) {
    // The last sequential ids were a little below this; snowflakes began above it on 2010-11-04.
    guard let value = Int64(id), value > 29_700_859_247 else { return nil }
    self.init(milliseconds: value >> 22 + 1_288_834_974_657)
  }

  /// `Wed Oct 10 20:19:24 +0000 2018`.
  private init?(weekdayForm text: ArraySlice<UInt8>) {
    // Single blanks at fixed places, except that the zone's length varies.
    let bytes = Array(text)
    guard bytes.count >= 28, bytes[3] == 0x20, bytes[7] == 0x20, bytes[10] == 0x20,
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), bytes[19] == 0x20,
      bytes[bytes.count - 5] == 0x20,
      let month = Timestamp.months.firstIndex(where: { bytes.has($0, at: 4) }),
      let day = Timestamp.digits(bytes[8..<10]), let hour = Timestamp.digits(bytes[11..<13]),
      let minute = Timestamp.digits(bytes[14..<16]), let second = Timestamp.digits(bytes[17..<19]),
      let offset = Timestamp.zone(bytes[20..<bytes.count - 5]),
      let year = Timestamp.digits(bytes[(bytes.count - 4)...])
    else { return nil }
    self.init(
      year: year, month: Int64(month) + 1, day: day, hour: hour, minute: minute, second: second,
      offsetMinutes: offset)
  }

  private static let months: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
    var value: Int64 = 0
    for byte in bytes {
      guard byte &- 0x30 < 10 else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    return value
  }

  /// Minutes east of UTC.
  private static func zone(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard let sign = bytes.first else { return nil }
    if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      guard bytes.count == 5, let hours = digits(bytes.dropFirst().prefix(2)),
        let minutes = digits(bytes.suffix(2)), minutes < 60
      else { return nil }
      return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }
    return switch String(decoding: bytes, as: UTF8.self) {
    case "UTC", "GMT": 0
    case "EDT": -240
    case "EST": -300
    case "PDT": -420
    case "PST": -480
    default: nil
    }
  }
}
