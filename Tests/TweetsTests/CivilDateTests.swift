import Testing
import Tweets

@Suite struct CivilDateTests {
  @Test(arguments: [
    (0, 1970, 1, 1), (-1, 1969, 12, 31), (11_016, 2000, 2, 29), (11_017, 2000, 3, 1),
    (20_779, 2026, 11, 22), (-719_162, 1, 1, 1), (2_932_896, 9999, 12, 31),
  ])
  func `a day number is a date and back`(days: Int64, year: Int64, month: Int64, day: Int64) {
    let date = CivilDate(daysSinceEpoch: days)
    #expect(date == CivilDate(year: year, month: month, day: day))
    #expect(date.daysSinceEpoch == days)
  }

  @Test func `every day of four centuries follows the one before`() {
    var previous = CivilDate(year: 1799, month: 12, day: 31)
    for days in previous.daysSinceEpoch + 1...CivilDate(year: 2200, month: 1, day: 1).daysSinceEpoch
    {
      let date = CivilDate(daysSinceEpoch: days)
      let sameMonth = date.month == previous.month && date.day == previous.day + 1
      let monthEnds = previous.day == CivilDate.daysIn(month: previous.month, year: previous.year)
      #expect(sameMonth != (monthEnds && date.day == 1), "day \(days)")
      #expect(date.daysSinceEpoch == days)
      previous = date
    }
  }

  @Test(arguments: [(1900, 28), (2000, 29), (2023, 28), (2024, 29)])
  func `February knows its leap years`(year: Int64, days: Int64) {
    #expect(CivilDate.daysIn(month: 2, year: year) == days)
  }
}
