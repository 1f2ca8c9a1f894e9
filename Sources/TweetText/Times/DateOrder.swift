import Tweets

/// How dates such as `03/04/2026` are read.
package enum DateOrder: Sendable, Equatable {
  /// Nothing decides yet: only a date whose day is its month is read.
  case undecided
  /// The day comes first.
  case dayFirst
  /// The month comes first.
  case monthFirst
  /// The file holds both orders: only dates with a number above 12 are read.
  case mixed
}

/// What some dates tell about the order of day and month.
struct DateOrderEvidence: Equatable {
  /// A date can only be read with the day first.
  var hasDayFirst = false
  /// A date can only be read with the month first.
  var hasMonthFirst = false

  /// The order that follows.
  var order: DateOrder {
    switch (hasDayFirst, hasMonthFirst) {
    case (true, true): .mixed
    case (true, false): .dayFirst
    case (false, true): .monthFirst
    case (false, false): .undecided
    }
  }

  /// Adds what the text of a time tells.
  mutating func add(_ text: String) {
    guard let pair = FreeTime.parts(of: Array(text.utf8)[...])?.pair else { return }
    let isDayFirst = pair.isValid(.dayFirst)
    let isMonthFirst = pair.isValid(.monthFirst)
    if isDayFirst, !isMonthFirst { hasDayFirst = true }
    if isMonthFirst, !isDayFirst { hasMonthFirst = true }
  }
}

/// The two numbers before the year of a date such as `03/04/2026`.
struct DatePair: Equatable {
  var first: Int64
  var second: Int64
  var year: Int64

  /// Day and month in that order.
  func dayAndMonth(_ order: DateOrder) -> (day: Int64, month: Int64) {
    order == .monthFirst ? (second, first) : (first, second)
  }

  /// True when the numbers are a date in that order.
  func isValid(_ order: DateOrder) -> Bool {
    let (day, month) = dayAndMonth(order)
    return (1...12).contains(month) && day >= 1
      && day <= CivilDate.daysIn(month: month, year: year)
  }
}
