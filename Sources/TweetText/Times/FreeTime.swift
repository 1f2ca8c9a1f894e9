import Tweets

/// A time in one of the forms that archives of tweets hold, read in one pass.
///
/// A text is made of a date, a clock and a zone in any order, each at most once, and of nothing else. A date is
/// `2026-11-21` (also with `/` or `.`), `21/11/2026` or `11/21/2026` (also with `-`), `21.11.2026`, `20261121`, or has
/// the name of the month. Years have four digits.
struct FreeTime {
  private var scanner: TimeScanner
  private var parts = TimeParts()
  private var hasWeekday = false

  /// The parts of a text; nil for a text that is no time.
  static func parts(of bytes: ArraySlice<UInt8>) -> TimeParts? {
    guard bytes.count <= UnreadTime.longestText else { return nil }
    var time = FreeTime(scanner: TimeScanner(bytes))
    return time.read() ? time.parts : nil
  }

  private init(scanner: TimeScanner) { self.scanner = scanner }

  private mutating func read() -> Bool {
    while true {
      skipFiller()
      guard let byte = scanner.next else { return parts.hasDate }
      let isRead =
        switch byte {
        case 0x30...0x39: readNumber()
        case UInt8(ascii: "+"), UInt8(ascii: "-"): readSign()
        case UInt8(ascii: "("): skipComment()
        default: TimeScanner.isLetter(byte) && readWord()
        }
      guard isRead else { return false }
    }
  }

  /// Blanks of all kinds, commas and the middle dot.
  private mutating func skipFiller() {
    while let byte = scanner.next {
      switch byte {
      case 0x20, 0x09, UInt8(ascii: ","): scanner.skip(1)
      case 0xC2 where scanner.peek(1) == 0xA0 || scanner.peek(1) == 0xB7: scanner.skip(2)
      case 0xE2 where scanner.peek(1) == 0x80 && scanner.peek(2) == 0xAF: scanner.skip(3)
      default: return
      }
    }
  }

  // MARK: Numbers

  private mutating func readNumber() -> Bool {
    let count = scanner.digitCount
    let after = scanner.peek(count)
    switch count {
    case 1, 2:
      if after == UInt8(ascii: ":") { return readClock() }
      if !parts.hasDate, isSeparator(after), parts.day == nil, parts.month == nil {
        return readNumericDate()
      }
      return isHour(after: count) ? readHour() : readDay()
    case 4: return isSeparator(after) && !parts.hasDate ? readNumericDate() : readYear()
    case 8, 12, 14: return readCompactDate(count)
    default: return false
    }
  }

  private func isSeparator(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".")
  }

  /// `10:00`, `10:00:00` or `10:00:00.123`.
  private mutating func readClock() -> Bool {
    guard parts.hour == nil, let hour = scanner.number(1, 2), scanner.take(":"),
      scanner.digitCount == 2, let minute = scanner.number(2, 2)
    else { return false }
    (parts.hour, parts.minute) = (hour, minute)
    guard scanner.take(":") else { return true }
    guard scanner.digitCount == 2, let second = scanner.number(2, 2) else { return false }
    parts.second = second
    return readFraction()
  }

  private mutating func readFraction() -> Bool {
    guard scanner.next == UInt8(ascii: ".") || scanner.next == UInt8(ascii: ","),
      let digit = scanner.peek(1), TimeScanner.isDigit(digit)
    else { return true }
    scanner.skip(1)
    guard let fraction = scanner.fraction() else { return false }
    parts.millisecond = fraction
    return true
  }

  /// True when the number is an hour alone: behind a date, or before AM or PM.
  private func isHour(after count: Int) -> Bool {
    guard parts.hour == nil else { return false }
    if parts.hasDate { return true }
    var probe = self
    probe.scanner.skip(count)
    probe.skipFiller()
    return probe.half() != nil
  }

  private mutating func readHour() -> Bool {
    parts.hour = scanner.number(1, 2)
    return true
  }

  /// The day beside the name of a month, with or without `st`, `nd`, `rd` or `th`.
  private mutating func readDay() -> Bool {
    guard !parts.hasDate, parts.day == nil, let day = scanner.number(1, 2) else { return false }
    parts.day = day
    var probe = scanner
    if ["st", "nd", "rd", "th"].contains(probe.word()) { scanner = probe }
    return true
  }

  private mutating func readYear() -> Bool {
    guard parts.year == nil, parts.pair == nil, let year = scanner.number(4, 4) else {
      return false
    }
    parts.year = year
    return true
  }

  /// Three numbers, or two and the name of a month, with one kind of separator.
  private mutating func readNumericDate() -> Bool {
    guard parts.year == nil, parts.month == nil, parts.day == nil else { return false }
    let firstCount = scanner.digitCount
    guard let first = scanner.number(1, 4), let separator = scanner.next else { return false }
    scanner.skip(1)
    let named = scanner.digitCount == 0 ? TimeWords.month(scanner.word()) : nil
    let second = named == nil && scanner.digitCount <= 2 ? scanner.number(1, 2) : named
    guard let second, scanner.take(separator) else { return false }
    let thirdCount = scanner.digitCount
    guard let third = scanner.number(1, 4) else { return false }
    if firstCount == 4, thirdCount <= 2 {
      (parts.year, parts.month, parts.day) = (first, second, third)
    } else if firstCount <= 2, thirdCount == 4 {
      // With points the day comes first, everywhere.
      if named != nil || separator == UInt8(ascii: ".") {
        (parts.year, parts.month, parts.day) = (third, second, first)
      } else {
        parts.pair = DatePair(first: first, second: second, year: third)
      }
    } else {
      return false
    }
    return passClockMark()
  }

  /// The `T`, `_` or `:` between a date and its clock.
  private mutating func passClockMark() -> Bool {
    guard let mark = scanner.next, let digit = scanner.peek(1), TimeScanner.isDigit(digit) else {
      return true
    }
    switch mark {
    case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "_"), UInt8(ascii: ":"):
      scanner.skip(1)
    default: break
    }
    return true
  }

  /// `20261121`, `20261121T100000`, `202611211000` or `20261121100000`.
  private mutating func readCompactDate(_ count: Int) -> Bool {
    guard parts.year == nil, parts.month == nil, parts.day == nil, parts.pair == nil,
      let year = scanner.number(4, 4), let month = scanner.number(2, 2),
      let day = scanner.number(2, 2)
    else { return false }
    (parts.year, parts.month, parts.day) = (year, month, day)
    if count == 8 {
      guard passClockMark() else { return false }
      if scanner.next == UInt8(ascii: " "), scanner.peek(1).map(TimeScanner.isDigit) == true {
        scanner.skip(1)
      }
      guard scanner.digitCount == 4 || scanner.digitCount == 6 else { return true }
    }
    guard parts.hour == nil, let hour = scanner.number(2, 2), let minute = scanner.number(2, 2)
    else { return false }
    (parts.hour, parts.minute) = (hour, minute)
    if scanner.digitCount == 2 { parts.second = scanner.number(2, 2) ?? 0 }
    return readFraction()
  }

  // MARK: Words

  private mutating func readWord() -> Bool {
    if let half = half() {
      guard parts.hour != nil, parts.half == nil else { return false }
      parts.half = half.value
      scanner.skip(half.length)
      return true
    }
    let word = scanner.word()
    if let month = TimeWords.month(word) {
      guard parts.month == nil, parts.pair == nil else { return false }
      parts.month = month
      _ = scanner.take(".")
      return true
    }
    if TimeWords.weekday(word) != nil {
      guard !hasWeekday else { return false }
      hasWeekday = true
      _ = scanner.take(".")
      return true
    }
    if word == "at" { return true }
    return readZone(word)
  }

  /// A zone's name behind a clock; `GMT+0100` has an offset of its own.
  private mutating func readZone(_ word: String) -> Bool {
    guard parts.offsetMinutes == nil, parts.hour != nil, var offset = TimeWords.zone(word) else {
      return false
    }
    if offset == 0, word != "z",
      scanner.next == UInt8(ascii: "+") || scanner.next == UInt8(ascii: "-")
    {
      guard let given = scanner.offset() else { return false }
      offset = given
    }
    parts.offsetMinutes = offset
    return true
  }

  /// AM or PM at the scanner, with points or without, and its length.
  private func half() -> (value: TimeParts.Half, length: Int)? {
    guard let first = scanner.next.map({ $0 | 0x20 }),
      first == UInt8(ascii: "a") || first == UInt8(ascii: "p")
    else { return nil }
    let hasPoint = scanner.peek(1) == UInt8(ascii: ".")
    let place = hasPoint ? 2 : 1
    guard scanner.peek(place).map({ $0 | 0x20 }) == UInt8(ascii: "m"),
      scanner.peek(place + 1).map(TimeScanner.isLetter) != true
    else { return nil }
    let length = place + (hasPoint && scanner.peek(place + 1) == UInt8(ascii: ".") ? 2 : 1)
    return (first == UInt8(ascii: "a") ? .morning : .afternoon, length)
  }

  // MARK: Signs

  /// An offset behind the clock, or a hyphen that stands alone between two parts.
  private mutating func readSign() -> Bool {
    if scanner.peek(1).map(TimeScanner.isDigit) == true {
      guard parts.hour != nil, parts.offsetMinutes == nil, let offset = scanner.offset() else {
        return false
      }
      parts.offsetMinutes = offset
      return true
    }
    guard scanner.peek(1) == UInt8(ascii: " ") else { return false }
    return scanner.take("-")
  }

  /// A comment at the end, as RFC 2822 and JavaScript write it.
  private mutating func skipComment() -> Bool {
    while let byte = scanner.next, byte != UInt8(ascii: ")") { scanner.skip(1) }
    return scanner.take(")") && scanner.isAtEnd
  }
}
