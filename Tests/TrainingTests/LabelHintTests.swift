import Testing
import Training
import Tweets

struct LabelHintTests {
  @Test(
    arguments: [
      (["0", "4"], "--label 0=negative --label 4=positive"),
      (["-1", "1"], "--label=-1=negative --label 1=positive"),
      (["0", "1", "2"], "--label 0=negative --label 1=neutral --label 2=positive"),
      (
        ["1", "2", "3", "4", "5"],
        "--label 1=negative --label 2=negative --label 3=neutral --label 4=positive --label 5=positive"
      ),
      (
        ["Extremely Negative", "Extremely Positive"],
        "--label 'Extremely Negative=negative' --label 'Extremely Positive=positive'"
      ),
      (["neg", "pos"], "--label neg=negative --label pos=positive"),
      (["odd"], "--label odd=negative or --label odd=neutral or --label odd=positive"),
    ])
  func `the hint points the right way and can be typed`(_ names: [String], _ options: String) {
    #expect(LabelHint.options(for: names).contains(options))
  }

  @Test func `a positive 4 beside a 0 is not called negative`() {
    let rows = [
      LabelledText(text: "a", label: "4", row: 1), LabelledText(text: "b", label: "0", row: 2),
    ]
    let error = #expect(throws: TrainingDataError.self) { try TrainingSet(rows) }
    let text = error?.description ?? ""
    #expect(text.contains("--label 0=negative --label 4=positive"), "\(text)")
    #expect(!text.contains("4=negative"), "\(text)")
  }
}
