import Testing
import Training

struct PartDecisionTests {
  // Sure of itself, and right in three rows of four: ln 3 is the logit that says so.
  private static let two = LabelLogits(
    values: [0, 9, 0, 9, 0, 9, 0, 9], labels: 2, truths: [1, 1, 1, 0])

  @Test func `a part gets a temperature of its own from validation rows`() {
    let decision = PartDecision(Self.two, metric: .accuracy)
    #expect(abs(9 / decision.temperature - 1.0986) < 1e-3)
    #expect(decision.origin == "validation" && decision.offsets == nil)
    let cooled = Self.two.scaled(by: 1 / decision.temperature)
    #expect(cooled.probabilities.allSatisfy { abs($0[1] - 0.75) < 1e-4 })
    #expect(decision.threshold <= 0.75)
  }

  // The last label is never the largest, but larger where it is true.
  @Test func `three labels get offsets for macro-averaged recall`() {
    let logits = LabelLogits(
      values: [3, 0, 0, 0, 3, 0, 2, 2.1, 1, 3, 0, -1, 0, 3, -1], labels: 3, truths: [0, 1, 2, 0, 1])
    let decision = PartDecision(logits, metric: .macroRecall)
    #expect(decision.offsets?.count == 3)
    #expect(PartDecision(logits, metric: .nll).offsets == nil)
  }

  @Test func `without rows the logits stand as they are`() {
    let decision = PartDecision(
      LabelLogits(values: [], labels: 3, truths: []), metric: .macroRecall)
    #expect(decision.temperature == 1 && decision.threshold == 0.5)
    #expect(decision.offsets == nil && decision.origin == "fixed")
  }
}
