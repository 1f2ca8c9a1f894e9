import Tweets

extension TimeFormat {
  /// Reads what a directive stands for; false where the text does not hold it.
  static func read(
    _ directive: UInt8, _ scanner: inout TimeScanner, into parts: inout TimeParts
  ) -> Bool {
    switch directive {
    case UInt8(ascii: "Y"): return set(&parts.year, scanner.number(4, 4))
    case UInt8(ascii: "y"):
      return set(&parts.year, scanner.number(2, 2).map { $0 < 69 ? 2000 + $0 : 1900 + $0 })
    case UInt8(ascii: "m"): return set(&parts.month, scanner.number(1, 2))
    case UInt8(ascii: "d"), UInt8(ascii: "e"):
      _ = directive == UInt8(ascii: "e") && scanner.take(" ")
      return set(&parts.day, scanner.number(1, 2))
    case UInt8(ascii: "j"): return set(&parts.dayOfYear, scanner.number(1, 3))
    case UInt8(ascii: "H"): return set(&parts.hour, scanner.number(1, 2))
    case UInt8(ascii: "I"):
      return set(&parts.hour, scanner.number(1, 2)) && (1...12).contains(parts.hour ?? 0)
    case UInt8(ascii: "M"): return set(&parts.minute, scanner.number(2, 2))
    case UInt8(ascii: "S"): return set(&parts.second, scanner.number(2, 2))
    case UInt8(ascii: "f"): return set(&parts.millisecond, scanner.fraction())
    case UInt8(ascii: "s"): return readEpoch(&scanner, into: &parts)
    case UInt8(ascii: "z"):
      if scanner.take("Z") || scanner.take("z") { return set(&parts.offsetMinutes, 0) }
      return set(&parts.offsetMinutes, scanner.offset())
    case UInt8(ascii: "Z"): return set(&parts.offsetMinutes, TimeWords.zone(scanner.word()))
    case UInt8(ascii: "b"), UInt8(ascii: "B"):
      return set(&parts.month, TimeWords.month(scanner.word()))
    case UInt8(ascii: "a"), UInt8(ascii: "A"): return TimeWords.weekday(scanner.word()) != nil
    case UInt8(ascii: "p"): return readHalf(&scanner, into: &parts)
    default: return false
    }
  }

  private static func set(_ part: inout Int64?, _ value: Int64?) -> Bool {
    part = value
    return value != nil
  }

  private static func set(_ part: inout Int64, _ value: Int64?) -> Bool {
    part = value ?? 0
    return value != nil
  }

  private static func readHalf(_ scanner: inout TimeScanner, into parts: inout TimeParts) -> Bool {
    switch scanner.word() {
    case "am": parts.half = .morning
    case "pm": parts.half = .afternoon
    default: return false
    }
    return true
  }

  /// Seconds since 1970, as the date and the clock of UTC.
  private static func readEpoch(_ scanner: inout TimeScanner, into parts: inout TimeParts) -> Bool {
    guard let seconds = scanner.number(1, 11) else { return false }
    let days = Timestamp.floorDivide(seconds, 86_400)
    let date = CivilDate(daysSinceEpoch: days)
    (parts.year, parts.month, parts.day) = (date.year, date.month, date.day)
    let second = seconds - days * 86_400
    (parts.hour, parts.minute, parts.second) = (second / 3600, second / 60 % 60, second % 60)
    parts.offsetMinutes = 0
    return true
  }
}
