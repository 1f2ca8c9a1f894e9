import Aggregates
import Testing
import Tweets

import Report

struct SparklineTests {
  private func hours(_ scores: [Double?]) -> [AggregateValue] {
    scores.map { score in
      score.map { AggregateValue(label: .neutral, score: AggregateValue.millionths($0)) }
        ?? AggregateValue()
    }
  }

  @Test func `the axis is the range of the data`() throws {
    let line = try #require(Sparkline(scores: hours([0.41, 0.62, nil, 0.515])))
    #expect(line.bars == "▁█·▅")
    #expect(line.low == 0.41)
    #expect(line.high == 0.62)
  }

  @Test(arguments: [0.5, 0.0, 1.0, 0.987])
  func `a flat series is a flat line within the axis`(score: Double) throws {
    let line = try #require(Sparkline(scores: hours([score, score, score])))
    #expect(Set(line.bars).count == 1)
    #expect(abs(line.high - line.low - 0.1) < 1e-9)
    #expect(line.low >= 0 && line.high <= 1 && line.low <= score && score <= line.high)
  }

  @Test func `hours without a score have no line`() {
    #expect(Sparkline(scores: hours([nil, nil])) == nil)
  }
}
