import Classifier
import Foundation
import Testing
import Training

struct SystemComparisonTests {
  private static let rows = [
    (0, [0.8, 0.1, 0.1]), (0, [0.4, 0.5, 0.1]), (1, [0.1, 0.8, 0.1]), (2, [0.1, 0.1, 0.8]),
    (2, []),
  ].enumerated().map {
    EvaluatedRow(truth: $1.0, probabilities: $1.1, group: "\($0)")
  }
  private static let model = EvaluationMetrics(rows, labels: .three)
  private static let comparison = SystemComparison(
    model, of: rows, against: "baseline", answers: [0, 0, 2, nil, 2])

  @Test func `both systems are measured on the same rows`() {
    let comparison = Self.comparison
    #expect(Self.model.answers == [0, 1, 1, 2, nil])
    #expect(comparison.model.accuracy == 0.6 && comparison.other.accuracy == 0.6)
    #expect(comparison.other.recall == [1, 0, 0.5])
    #expect(comparison.other.undecided == 1)
    #expect(comparison.test == McNemar(onlyFirst: 2, onlySecond: 2))
  }

  @Test func `the comparison is told to people and to programs`() throws {
    #expect(
      Self.comparison.table == """
        against baseline  model   baseline
        accuracy          0.6000    0.6000
        macro recall      0.6667    0.5000
        macro F1          0.6667    0.5000
        recall negative   0.5000    1.0000
        recall neutral    1.0000    0.0000
        recall positive   0.5000    0.5000
        no answer: 1 rows of baseline
        right alone: the model on 2 rows, baseline on 2
        McNemar: statistic 0.00, p 1

        """)
    let text = Self.model.json(adding: [("against", Self.comparison.json)])
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let against = try #require(object["against"] as? [String: Any])
    #expect(against["column"] as? String == "baseline")
    #expect(against["macro_recall"] as? Double == 0.5)
    #expect(against["only_model"] as? Int == 2 && against["only_other"] as? Int == 2)
    #expect(against["p"] as? Double == 1)
  }

  @Test func `predictions are a line a row without its text`() throws {
    let texts = ["one", "two", "three", "four", "five"].enumerated().map {
      LabelledText(
        text: $1, label: ["negative", "negative", "neutral", "positive", "positive"][$0],
        row: $0 + 7)
    }
    let set = try TrainingSet(texts)
    let table = PredictionTable(Self.rows, answers: Self.model.answers, of: set, files: ["a,b.csv"])
    #expect(
      table.csv == """
        file,row,truth,answer,negative,neutral,positive
        "a,b.csv",7,negative,negative,0.800000,0.100000,0.100000
        "a,b.csv",8,negative,neutral,0.400000,0.500000,0.100000
        "a,b.csv",9,neutral,neutral,0.100000,0.800000,0.100000
        "a,b.csv",10,positive,positive,0.100000,0.100000,0.800000
        "a,b.csv",11,positive,,,,

        """)
  }
}
