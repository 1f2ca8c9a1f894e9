import Tweets

/// The parts of a time as they stand in a text.
struct TimeParts {
  /// The half of the day of a 12-hour clock.
  enum Half { case morning, afternoon }

  var year: Int64?
  var month: Int64?
  var day: Int64?
  /// Day and month in an order that the text does not tell.
  var pair: DatePair?
  /// The day of the year, from 1, in place of month and day.
  var dayOfYear: Int64?
  var hour: Int64?
  var minute: Int64 = 0
  var second: Int64 = 0
  var millisecond: Int64 = 0
  var half: Half?
  /// Minutes east of UTC; nil where the text names no zone.
  var offsetMinutes: Int64?

  /// True once the parts name a day.
  var hasDate: Bool {
    pair != nil || year != nil && (dayOfYear != nil || month != nil && day != nil)
  }

  /// The moment; nil where a part is out of its range. A pair must have been resolved before.
  func timestamp(in zone: ZoneRules) -> Timestamp? {
    guard let year, let (month, day) = monthAndDay(of: year), let hour = hourOfDay else {
      return nil
    }
    guard
      let local = Timestamp(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second,
        millisecond: millisecond, offsetMinutes: offsetMinutes ?? 0)
    else { return nil }
    guard offsetMinutes == nil else { return local }
    let fraction = local.milliseconds - local.seconds * 1000
    return Timestamp(milliseconds: zone.seconds(ofLocal: local.seconds) * 1000 + fraction)
  }

  private func monthAndDay(of year: Int64) -> (month: Int64, day: Int64)? {
    if let month, let day { return (month, day) }
    guard let dayOfYear, (1...9999).contains(year) else { return nil }
    let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
    let date = CivilDate(daysSinceEpoch: first + dayOfYear - 1)
    return dayOfYear >= 1 && date.year == year ? (date.month, date.day) : nil
  }

  /// The hour of the 24-hour clock; a record may write `13:00 PM`, as some programs do.
  private var hourOfDay: Int64? {
    guard let hour else { return 0 }
    return switch half {
    case nil: hour
    case .morning: hour == 12 ? 0 : hour < 12 ? hour : nil
    case .afternoon: hour == 0 ? nil : hour < 12 ? hour + 12 : hour
    }
  }

  /// The parts with day and month in that order; nil where they are no date.
  func resolved(_ order: DateOrder) -> TimeParts? {
    guard let pair, pair.isValid(order) else { return nil }
    var parts = self
    (parts.day, parts.month) = pair.dayAndMonth(order)
    parts.year = pair.year
    parts.pair = nil
    return parts
  }
}
