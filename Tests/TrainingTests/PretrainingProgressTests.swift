import Testing
import Training

struct PretrainingProgressTests {
  private static func step(_ number: Int, loss: Double = 5) -> PretrainingProgress.Step {
    PretrainingProgress.Step(
      step: number, tokens: number * 6000, loss: loss, learningRate: 0.001)
  }

  @Test func `a line comes at each interval, with the loss and the rate since the last one`() {
    var progress = PretrainingProgress(
      stepsTotal: 100, interval: 10, step: 0, tokens: 0, start: 0)
    #expect(progress.report(Self.step(1, loss: 7), seconds: 2, at: 2) == nil)
    #expect(
      progress.report(Self.step(2, loss: 5), seconds: 2, at: 11)
        == "pretrain: step 2/100 (2%), 12.0 k tokens, 3000 tokens/s, loss 6.0000, rate 1.00e-03, "
        + "3m16s left")
    #expect(progress.report(Self.step(3), seconds: 1, at: 20) == nil)
    #expect(
      progress.report(Self.step(4), seconds: 1, at: 21)?.contains("6000 tokens/s, loss 5.0000")
        == true)
  }

  @Test func `a resumed run counts what was done before, but not its time`() {
    var progress = PretrainingProgress(
      stepsTotal: 100, interval: 0, step: 90, tokens: 540_000, start: 0)
    #expect(
      progress.report(Self.step(91), seconds: 2, at: 2)
        == "pretrain: step 91/100 (91%), 546.0 k tokens, 3000 tokens/s, loss 5.0000, "
        + "rate 1.00e-03, 18s left")
  }

  @Test func `the last step is always told`() {
    var progress = PretrainingProgress(
      stepsTotal: 1, interval: 1000, step: 0, tokens: 0, start: 0)
    #expect(progress.report(Self.step(1), seconds: 65, at: 65)?.hasSuffix("took 1m05s") == true)
  }

  @Test(arguments: [(812, "812"), (51_200, "51.2 k"), (31_500_000, "31.5 M")])
  func `amounts are short`(amount: Int, text: String) {
    #expect(PretrainingProgress.amount(amount) == text)
  }
}
