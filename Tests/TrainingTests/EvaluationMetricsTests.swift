import Classifier
import Foundation
import Testing
import Training

struct EvaluationMetricsTests {
  private struct Figures: Decodable {
    var truth: [Int]
    var probabilities: [[Double]]
    var threshold: Double
    var confusion: [[Int]]
    var recall: [Double]
    var accuracy: Double
    var balanced: Double
    var macroF1: Double
    var auc: Double
    var averagePrecision: Double
    var brier: Double
    var ece: Double
    var majority: Double
    var rarest: Int
  }

  @Test(arguments: [2, 3])
  func `every figure is that of the Python script`(labels: Int) throws {
    let wanted = try JSONDecoder().decode(
      Figures.self, from: Fixture.data("metrics_\(labels).json"))
    let rows = zip(wanted.truth, wanted.probabilities).enumerated().map {
      EvaluatedRow(truth: $1.0, probabilities: $1.1, group: "\($0)")
    }
    let found = EvaluationMetrics(
      rows, labels: labels == 2 ? .two : .three, threshold: wanted.threshold)
    #expect(found.confusion == wanted.confusion)
    #expect(found.rarest == wanted.rarest)
    let pairs: [(Double?, Double)] = [
      (found.accuracy, wanted.accuracy), (found.balancedAccuracy, wanted.balanced),
      (found.macroF1, wanted.macroF1), (found.areaUnderROC, wanted.auc),
      (found.averagePrecision, wanted.averagePrecision), (found.brier, wanted.brier),
      (found.expectedCalibrationError, wanted.ece), (found.majorityAccuracy, wanted.majority),
    ]
    for (index, pair) in pairs.enumerated() {
      #expect(abs((pair.0 ?? .nan) - pair.1) < 1e-12, "figure \(index)")
    }
    for (found, wanted) in zip(found.recall, wanted.recall) {
      #expect(abs((found ?? .nan) - wanted) < 1e-12)
    }
    let interval = try #require(found.interval)
    #expect(interval.low < found.accuracy && found.accuracy < interval.high)
  }

  private static func row(_ truth: Int, _ positive: Double, _ group: String = "a") -> EvaluatedRow {
    EvaluatedRow(truth: truth, probabilities: [1 - positive, positive], group: group)
  }

  private static let small = EvaluationMetrics(
    [
      row(0, 0.1, "a"), row(0, 0.1, "a"), row(0, 0.6, "b"), row(1, 0.9, "c"), row(1, 0.4, "d"),
      EvaluatedRow(truth: 0, probabilities: [], group: "e"),
    ], labels: .two, thresholdOrigin: "default")

  @Test func `six rows worked out by hand`() {
    let metrics = Self.small
    #expect(metrics.rows == 6 && metrics.groups == 5 && metrics.undecided == 1)
    #expect(metrics.confusion == [[2, 1], [1, 1]])
    #expect(metrics.accuracy == 0.5)
    #expect(metrics.majorityAccuracy == 4.0 / 6)
    #expect(metrics.recall == [0.5, 0.5])
    // F1 of negative 2·2/(4 + 3), of positive 2·1/(2 + 2).
    #expect(abs(metrics.macroF1 - (4.0 / 7 + 0.5) / 2) < 1e-15)
    // Of 8 pairs 0.9 wins 4; 0.4 wins 2 and loses to 0.6 and 0.5.
    #expect(metrics.areaUnderROC == 6.0 / 8)
    #expect(metrics.averagePrecision == 0.5 * 1 + 0.5 * 2 / 4)
    #expect(metrics.rarest == 1)
    #expect(metrics.shares == [4.0 / 6, 2.0 / 6] && metrics.answeredShares == [3.0 / 5, 2.0 / 5])
    #expect(abs(metrics.expectedShares[1] - 2.1 / 5) < 1e-15)
    #expect(abs(metrics.expectedShares[0] - 2.9 / 5) < 1e-15)
  }

  @Test func `the JSON has the promised keys`() throws {
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(Self.small.json.utf8)) as? [String: Any])
    for key in [
      "rows", "accuracy", "balanced_accuracy", "macro_f1", "macro_recall", "roc_auc", "ece",
      "confusion", "labels", "majority_accuracy",
    ] { #expect(object[key] != nil, "\(key)") }
    #expect(object["labels"] as? [String] == ["negative", "positive"])
    #expect(object["confusion"] as? [[Int]] == [[2, 1], [1, 1]])
    #expect(object["threshold_origin"] as? String == "default")
  }

  @Test func `the table is the committed one`() throws {
    let table = Self.small.table
    #expect(try !Fixture.record(table, "metrics_table.txt"), "recorded; look at it and run again")
    #expect(table == (try Fixture.text("metrics_table.txt")))
  }

  @Test func `no rows and one class alone give no NaN`() throws {
    let empty = EvaluationMetrics([], labels: .three)
    #expect(empty.interval == nil && empty.areaUnderROC == nil)
    _ = try JSONSerialization.jsonObject(with: Data(empty.json.utf8))
    let one = EvaluationMetrics([Self.row(0, 0.2), Self.row(0, 0.7)], labels: .two)
    #expect(one.areaUnderROC == nil && one.recall == [0.5, nil] && one.balancedAccuracy == 0.5)
    #expect(!one.table.contains("nan"))
  }

  @Test func `the interval follows the seed and the groups`() throws {
    let rows = (0..<400).map { Self.row($0 % 2, $0 % 5 == 0 ? 0.5 : Double($0 % 2), "g\($0)") }
    let alone = try #require(EvaluationMetrics(rows, labels: .two, seed: 3).interval)
    #expect(alone == EvaluationMetrics(rows, labels: .two, seed: 3).interval)
    #expect(alone != EvaluationMetrics(rows, labels: .two, seed: 4).interval)
    // n = 400, accuracy 0.9: the normal interval is ±1.96 · √(0.9 · 0.1 / 400) = ±0.029.
    #expect(abs(alone.high - alone.low - 0.0588) < 0.012)
    // Forty groups of ten equal rows know no more than forty rows do.
    let grouped = (0..<400).map { Self.row(0, $0 / 10 % 10 == 0 ? 1 : 0, "g\($0 / 10)") }
    let wide = try #require(EvaluationMetrics(grouped, labels: .two, seed: 3).interval)
    #expect(wide.high - wide.low > 0.14)
  }

  @Test func `equal scores count half in the ROC area`() {
    let area = RankingMetrics.areaUnderROC(
      scores: [0.5, 0.5, 0.5, 0.5], positives: [true, false, true, false])
    #expect(area == 0.5)
  }

  @Test(arguments: [
    (8, 2, 2.5, 0.109375), (0, 0, 0.0, 1.0), (5, 5, 0.1, 1.0),
    (30, 12, 6.880952380952381, 0.008711912962379598),
    (19, 5, 169.0 / 24, 0.006610751152038574),
  ])
  func `McNemar's test on counts`(b: Int, c: Int, statistic: Double, pValue: Double) {
    let test = McNemar(onlyFirst: b, onlySecond: c)
    #expect(abs(test.statistic - statistic) < 1e-12 || (b == c))
    #expect(abs(test.pValue - pValue) < 1e-12)
  }

  @Test func `McNemar's test on outcomes`() {
    let test = McNemar(first: [true, true, false, true], second: [true, false, true, false])
    #expect(test.onlyFirst == 2 && test.onlySecond == 1)
  }

  // Two models, one that answers positive from 0.3 on and one from 0.7 on.
  @Test func `answers that were decided row by row leave the probabilities alone`() {
    let rows = [(1, 0.4), (0, 0.6), (1, 0.8), (0, 0.2)].enumerated().map {
      EvaluatedRow(truth: $1.0, probabilities: [1 - $1.1, $1.1], group: "\($0)")
    }
    let metrics = EvaluationMetrics(
      rows, answers: [1, 0, 1, 0], labels: .two, threshold: nil, thresholdOrigin: "each fold's own")
    let fixed = EvaluationMetrics(rows, labels: .two)
    #expect(metrics.accuracy == 1 && fixed.accuracy == 0.5)
    #expect(metrics.brier == fixed.brier && metrics.areaUnderROC == fixed.areaUnderROC)
    #expect(metrics.threshold == nil && !metrics.table.contains("threshold"))
  }
}
