import Ingest
import Testing
import Tweets

@Suite struct PostBudgetTests {
  private let noon = Timestamp(rfc3339: "2026-11-30T12:00:00Z") ?? Timestamp(seconds: 0)

  @Test func `a day's posts are spent until midnight UTC`() {
    var budget = PostBudget(perDay: 10, perMonth: nil)
    budget.spend(9, at: noon)
    #expect(budget.exhausted(at: noon) == nil)
    budget.spend(1, at: noon)
    let stop = budget.exhausted(at: noon)
    #expect(stop?.limit == "posts_per_day = 10")
    #expect(stop?.until == Timestamp(rfc3339: "2026-12-01T00:00:00Z"))
    #expect(budget.exhausted(at: Timestamp(seconds: noon.seconds + 43_200)) == nil)
  }

  @Test func `a month's posts are spent over its days, and until its end`() {
    let day = PostBudget.day(of: noon)
    var budget = PostBudget(perDay: nil, perMonth: 100, spent: [day - 29: 60, day - 30: 1000])
    #expect(budget.exhausted(at: noon) == nil)
    budget.spend(40, at: noon)
    #expect(budget.exhausted(at: noon)?.until == Timestamp(rfc3339: "2026-12-01T00:00:00Z"))
    #expect(budget.exhausted(at: Timestamp(seconds: noon.seconds + 43_200)) == nil)
  }

  @Test func `without a limit there is always money`() {
    var budget = PostBudget(perDay: nil, perMonth: nil)
    budget.spend(1_000_000_000, at: noon)
    #expect(budget.exhausted(at: noon) == nil)
  }
}
