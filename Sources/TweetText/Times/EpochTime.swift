import Tweets

/// Times that are one number: what is counted since 1970, or a date without separators.
enum EpochTime {
  /// What a number means.
  enum Reading: Equatable {
    case time(Timestamp)
    /// A number of seconds from before the first tweet.
    case tooEarly
    /// A number that counts nothing we know.
    case unknown
  }

  /// Reads the text of a number; nil for a text that is no number.
  ///
  /// Seconds, milliseconds, microseconds and nanoseconds since 1970 are told by their size: each has the moments from
  /// the first tweet to the year 2103. A fraction and an exponent may follow.
  static func reading(of bytes: ArraySlice<UInt8>) -> Reading? {
    guard isNumber(bytes) else { return nil }
    if bytes.count <= 19, bytes.allSatisfy(TimeScanner.isDigit),
      let value = Int64(String(decoding: bytes, as: UTF8.self))
    {
      return reading(ofWhole: value)
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      return .unknown
    }
    if value < Double(first) { return value > 0 ? .tooEarly : .unknown }
    for (scale, unit) in units where value < Double(last) * scale {
      guard value >= Double(first) * scale else { return .unknown }
      return .time(Timestamp(milliseconds: Int64((value / unit).rounded(.down))))
    }
    return .unknown
  }

  private static let first = Timestamp.firstTweet.seconds
  private static let last: Int64 = 4_200_000_000
  /// Parts of a second, and the same as parts of a millisecond.
  private static let units: [(scale: Double, unit: Double)] = [
    (1, 0.001), (1e3, 1), (1e6, 1e3), (1e9, 1e6),
  ]

  private static func reading(ofWhole value: Int64) -> Reading {
    if value < first { return value > 0 ? .tooEarly : .unknown }
    if value < last { return .time(Timestamp(seconds: value)) }
    for (scale, divisor) in [(1000, 1), (1_000_000, 1000), (1_000_000_000, 1_000_000)]
      as [(Int64, Int64)]
    {
      let (limit, isTooLarge) = last.multipliedReportingOverflow(by: scale)
      guard isTooLarge || value < limit else { continue }
      guard value >= first * scale else { return .unknown }
      return .time(Timestamp(milliseconds: value / divisor))
    }
    return .unknown
  }

  /// True for digits, which a fraction and an exponent may follow.
  private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
    var scanner = TimeScanner(bytes)
    guard scanner.digitCount > 0 else { return false }
    scanner.skip(scanner.digitCount)
    if scanner.take(".") { scanner.skip(scanner.digitCount) }
    if scanner.take("e") || scanner.take("E") {
      _ = scanner.take("+") || scanner.take("-")
      guard (1...2).contains(scanner.digitCount) else { return false }
      scanner.skip(scanner.digitCount)
    }
    return scanner.isAtEnd
  }
}
