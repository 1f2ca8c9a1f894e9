extension Timestamp: CustomStringConvertible {
  /// `2026-11-22T15:00:00Z`, with `.123` before the `Z` when there are milliseconds.
  package var description: String {
    let days = Timestamp.floorDivide(seconds, 86_400)
    let date = CivilDate(daysSinceEpoch: days)
    let second = seconds - days * 86_400
    var text = "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
    text += "T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
    let fraction = milliseconds - seconds * 1000
    return fraction == 0 ? text + "Z" : text + ".\(pad(fraction, 3))Z"
  }

  /// A moment from civil UTC parts, nil where a part is out of its range.
  package init?(
    year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0,
    millisecond: Int64 = 0, offsetMinutes: Int64 = 0
  ) {
    guard (1...9999).contains(year), (1...12).contains(month), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second), (0...999).contains(millisecond),
      (-1439...1439).contains(offsetMinutes), day >= 1,
      day <= CivilDate.daysIn(month: month, year: year)
    else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
    let total = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offsetMinutes * 60
    self.init(milliseconds: total * 1000 + millisecond)
  }

  /// Reads RFC 3339: `2026-11-22`, or with `T` or a blank, a time, a fraction, and `Z` or `±hh:mm`.
  ///
  /// A time without a zone is taken as UTC. Seconds may be missing.
  package init?(rfc3339 text: some StringProtocol) {
    var reader = DigitReader(Array(text.utf8))
    guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2),
      reader.take("-"), let day = reader.digits(2)
    else { return nil }
    if reader.atEnd {
      self.init(year: year, month: month, day: day)
      return
    }
    guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.digits(2),
      reader.take(":"), let minute = reader.digits(2)
    else { return nil }
    var second: Int64 = 0
    var millisecond: Int64 = 0
    if reader.take(":") {
      guard let value = reader.digits(2) else { return nil }
      second = value
      if reader.take(".") {
        guard let value = reader.fraction() else { return nil }
        millisecond = value
      }
    }
    guard let offset = reader.offset(), reader.atEnd else { return nil }
    self.init(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second,
      millisecond: millisecond, offsetMinutes: offset)
  }
}

/// A day of the proleptic Gregorian calendar (algorithms of Howard Hinnant, "chrono-compatible
/// low-level date algorithms").
package struct CivilDate: Sendable, Hashable {
  /// The year, 1 … 9999 for everything that elmond reads.
  package var year: Int64
  /// The month, 1 … 12.
  package var month: Int64
  /// The day of the month, from 1.
  package var day: Int64

  /// A date from its parts; they are not checked.
  package init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date that lies `days` after 1970-01-01.
  package init(daysSinceEpoch days: Int64) {
    let shifted = days + 719_468
    let era = Timestamp.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  package var daysSinceEpoch: Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = Timestamp.floorDivide(y, 400)
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The length of a month, leap years included.
  package static func daysIn(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

private func pad(_ value: Int64, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var atEnd: Bool { position == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func digits(_ count: Int) -> Int64? {
    guard position + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    position += count
    return value
  }

  /// Milliseconds from the digits after the point; digits beyond the third are dropped.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var scale: Int64 = 100
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      value += Int64(bytes[position] - 0x30) * scale
      scale /= 10
      position += 1
    }
    return position > start ? value : nil
  }

  /// Minutes east of UTC; nothing at all means UTC.
  mutating func offset() -> Int64? {
    if atEnd || take("Z") || take("z") { return 0 }
    _ = take(" ")
    let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = digits(2) else { return nil }
    _ = take(":")
    guard let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
