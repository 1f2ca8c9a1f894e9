import Daemon
import Foundation
import Testing
import Training

/// The data of the article, which not every machine has.
private enum DebateData {
  static let path = Fixture.packageRoot
    .appending(path: "../shared/data/gop_debate/Sentiment.csv").path
  static let isThere = FileManager.default.isReadableFile(atPath: path)
}

@Suite(.enabled(if: DebateData.isThere, "the folder ../shared is missing"))
struct DebateDataTests {
  private static func data() throws -> TrainingData {
    var rules = TrainingData.Rules()
    rules.drops = ["Neutral"]
    return try TrainingData(
      training: [
        LabelledReader(textColumn: "text", labelColumn: "sentiment").file(
          DataSpecification(path: DebateData.path))
      ], rules: rules)
  }

  @Test func `the article's split repeats as many texts as ELMO.md counts`() throws {
    let set = try Self.data().set
    let groups = set.rows.map { TextGroup.key($0.text) }
    #expect(set.counts == [8493, 2236])
    var split = ValidationSplit(training: Array(groups.indices), validation: [])
    split.setTestApart(0.2, .last, groups: groups, seed: 1)
    #expect(split.training.count == 8583 && split.test.count == 2146)
    let before = RepeatedTexts(of: split.test, in: split.training, groups: groups)
    // ELMO.md counts 55.5 % by whole texts; by the first 60 characters of 10.1 a few more are the same.
    #expect(before.repeated == 1203 && abs(before.share - 0.555) < 0.01)
    // Choosing rows by group among those that train adds nothing to what the test rows repeat.
    split.setValidationApart(0.1, .group, groups: groups, seed: 1)
    #expect(
      RepeatedTexts(of: split.test, in: split.training + split.validation, groups: groups) == before
    )
    #expect(
      RepeatedTexts(of: split.validation, in: split.training, groups: groups).repeated == 0)
  }
}
