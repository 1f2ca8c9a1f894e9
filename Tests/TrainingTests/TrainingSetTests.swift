import Classifier
import Testing
import Training
import Tweets

struct TrainingSetTests {
  private static func texts(_ labels: [String]) -> [LabelledText] {
    labels.enumerated().map { LabelledText(text: "text \($0)", label: $1, row: $0 + 1) }
  }

  @Test func `dropped labels go, the others are counted`() throws {
    let set = try TrainingSet(
      Self.texts(["Negative", "NEUTRAL", " positive", "negative", "Neutral "]),
      dropping: ["neutral"])
    #expect(set.labels == .two)
    #expect(set.truths == [0, 1, 0])
    #expect(set.rows.map(\.number) == [1, 3, 4])
    #expect(set.dropped == 2 && set.counts == [2, 1])
    #expect(set.majorityRate == 2.0 / 3)
  }

  @Test func `a neutral row makes three labels`() throws {
    let set = try TrainingSet(Self.texts(["positive", "neutral", "negative"]))
    #expect(set.labels == .three && set.truths == [2, 1, 0])
  }

  @Test func `an unknown label is refused with its row and the remedy`() {
    let texts = Self.texts(["positive", "irrelevant", "negative"])
    let error = #expect(throws: TrainingDataError.self) { try TrainingSet(texts) }
    #expect(
      error?.description
        == "read labelled rows: row 2 has the label \"irrelevant\", expected one of negative, neutral, "
        + "positive; map it: --label irrelevant=negative or --label irrelevant=neutral or "
        + "--label irrelevant=positive, or leave it out: --drop irrelevant")
    #expect(
      throws: TrainingDataError.unknownLabel("neutral", row: 1, known: ["negative", "positive"])
    ) {
      try TrainingSet(Self.texts(["neutral", "positive"]), expected: .two)
    }
  }

  @Test func `other names are mapped in any case`() throws {
    let set = try TrainingSet(
      Self.texts(["4", "0", "Bad"]), mapping: ["4": .positive, "0": .negative, "bad": .negative])
    #expect(set.truths == [1, 0, 0])
  }

  @Test(arguments: [[], ["negative", "negative"], ["neutral", "positive"]])
  func `one label alone teaches nothing`(labels: [String]) {
    #expect(throws: TrainingDataError.self) { try TrainingSet(Self.texts(labels)) }
  }

  @Test func `a test set may hold one label alone`() throws {
    let set = try TrainingSet(Self.texts(["negative"]), expected: .three)
    #expect(set.labels == .three && set.truths == [0])
  }

  @Test func `texts that were seen are left out`() throws {
    var set = try TrainingSet([
      LabelledText(text: "RT @one: A fine day!", label: "positive", row: 1),
      LabelledText(text: "A bad day", label: "negative", row: 2),
      LabelledText(text: "a FINE day http://example.org", label: "negative", row: 3),
    ])
    #expect(set.exclude(seenIn: ["a fine day"]) == 2)
    #expect(set.rows.map(\.number) == [2])
  }

  @Test func `rows of low confidence are left out`() throws {
    var set = try TrainingSet([
      LabelledText(text: "a", label: "positive", confidence: 0.67, row: 1),
      LabelledText(text: "b", label: "negative", confidence: 0.66, row: 2),
      LabelledText(text: "c", label: "negative", row: 3),
    ])
    set.keep(confidenceAbove: 0.66)
    #expect(set.rows.map(\.number) == [1])
  }

  @Test func `columns are found by name in any case`() throws {
    let columns = try LabelledColumns(
      header: ["ID", "Text", "sentiment", "sure"], text: "text", label: "Sentiment", id: "id",
      confidence: "sure")
    #expect(
      columns.row(["7", "hello", "Positive", "0.5"], number: 3)
        == LabelledText(text: "hello", label: "Positive", id: "7", confidence: 0.5, row: 3))
    #expect(columns.row(["7", "hello", "Positive"], number: 3)?.confidence == nil)
    #expect(columns.row(["7", "hello"], number: 3) == nil)
    #expect(throws: TrainingDataError.columnMissing("mood", header: ["a", "b"])) {
      try LabelledColumns(header: ["a", "b"], text: "a", label: "mood")
    }
  }

  private static let debate = "gop_debate/Sentiment.csv"

  @Test(.enabled(if: Fixture.isShared(debate), "the shared data is not there"))
  func `the debate data splits as in the article`() throws {
    let table = try Fixture.csv(Self.debate)
    let columns = try LabelledColumns(
      header: table[0], text: "text", label: "sentiment", id: "tweet_id",
      confidence: "sentiment_confidence")
    let texts = table.dropFirst().enumerated().compactMap { columns.row($1, number: $0 + 1) }
    let set = try TrainingSet(texts, dropping: ["Neutral"])
    #expect(set.labels == .two && set.counts == [8493, 2236])
    let split = ValidationSplit.lastRows(of: set.rows.count)
    #expect(split.training.count == 8583 && split.validation.count == 2146)
    let negative = split.validation.count { set.rows[$0].truth == 0 }
    #expect(abs(Double(negative) / 2146 - 0.7968) < 5e-5)
    #expect(Set(set.rows.map { TextGroup.key($0.text) }).count == 7023)
  }
}
