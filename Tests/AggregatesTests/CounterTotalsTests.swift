import Testing

import Aggregates

struct CounterTotalsTests {
  private func totals(_ values: [String: Int64]) -> CounterTotals {
    CounterTotals(
      Dictionary(uniqueKeysWithValues: values.map { (CounterKey(source: "s", name: $0), $1) }))
  }

  @Test func `sums name what is not zero`() {
    let totals = totals([
      "decoded": 338, "tweets": 330, "corrected": 2, "duplicates": 6, "late_dropped": 0,
      "deleted": 1,
    ])
    #expect(totals.decoded.text() == "decoded 338 = tweets 330 + corrected 2 + duplicates 6")
    #expect(totals.countedNow(329).text() == "counted now 329 = tweets 330 − deleted 1")
    #expect(totals.countedNow().text() == "counted now 329 = tweets 330 − deleted 1")
    #expect(totals.faults(counted: 329) == [])
  }

  @Test func `a sum that does not hold shows both numbers`() {
    let totals = totals(["decoded": 5, "tweets": 3, "records": 9, "blank": 1])
    #expect(totals.decoded.text() == "decoded 5 ≠ 3 = tweets 3")
    #expect(
      totals.faults(counted: 4) == [
        "decoded 5 ≠ 3 = tweets 3", "counted now 4 ≠ 3 = tweets 3",
        "records 9 − blank 1 > 5 = decoded + notices + undecodable",
      ])
  }

  @Test func `nothing counted adds up`() {
    #expect(totals([:]).decoded.text() == "decoded 0 = tweets 0")
    #expect(totals([:]).faults(counted: 0) == [])
  }

  @Test func `sources are summed`() {
    let totals = CounterTotals([
      CounterKey(source: "a", name: "decoded"): 2, CounterKey(source: "b", name: "decoded"): 3,
    ])
    #expect(totals["decoded"] == 5)
  }

  @Test func `every counter of a sum has a meaning`() {
    for name in ["decoded"] + CounterTotals.outcomes + CounterTotals.removals {
      #expect(CounterMeaning.of(name) != nil, "\(name)")
    }
    #expect(Set(CounterMeaning.all.map(\.name)).count == CounterMeaning.all.count)
    // The texts stand in SQL and in tables of Markdown.
    #expect(!CounterMeaning.all.contains { $0.meaning.contains("'") || $0.meaning.contains("|") })
  }
}
