import Classifier
import Foundation
import Testing
import Training

struct CalibrationTests {
  @Test(arguments: [2, 3])
  func `biases make mean probabilities shares`(labels: Int) {
    var generator = SeededGenerator(seed: 4)
    let rows = 300
    let values = (0..<rows * labels).map { _ in 4 * generator.uniform() - 2 }
    // The last label is rarer than the logits say.
    let truths = (0..<rows).map { _ in
      generator.draw(below: 10) % labels * (generator.draw(below: 2))
    }
    let logits = LabelLogits(values: values, labels: labels, truths: truths)
    let fit = LabelBiases(logits, origin: "made up")
    let biased = logits.biased(by: fit.biases)
    #expect(biased.nll < logits.nll)
    #expect(abs(fit.biases.reduce(0, +)) < 1e-12)
    for label in 0..<labels {
      let mean = biased.probabilities.reduce(0) { $0 + $1[label] } / Double(rows)
      #expect(abs(mean - fit.shares[label]) < 1e-8)
    }
    #expect(LabelBiases(biased, origin: "").biases.allSatisfy { abs($0) < 1e-6 })
  }

  @Test func `biases change no decision by offsets or threshold`() throws {
    var generator = SeededGenerator(seed: 6)
    for labels in [2, 3] {
      let rows = 400
      let truths = (0..<rows).map { _ in min(generator.draw(below: 5), labels - 1) }
      let values = (0..<rows * labels).map { place in
        2 * generator.uniform() + (truths[place / labels] == place % labels ? 0.7 : 0)
      }
      let logits = LabelLogits(values: values, labels: labels, truths: truths)
      let calibration = Calibration(
        network: logits, coHead: nil, metric: .macroRecall, origin: "made up")
      let plain = logits.scaled(by: 1 / calibration.temperature)
      let choice = DecisionChoice(plain, metric: .macroRecall, origin: "made up")
      let all = calibration.logits(network: logits, coHead: nil)
      let set: LabelSet = labels == 2 ? .two : .three
      for (own, before) in zip(all.probabilities, plain.probabilities) {
        #expect(
          set.decide(
            own, threshold: Double(calibration.threshold ?? 0.5), offsets: calibration.offsets)
            == set.decide(
              before, threshold: Double(choice.threshold ?? 0.5), offsets: choice.offsets))
      }
    }
  }

  private struct Known: Decodable {
    struct Mixture: Decodable {
      var weights: [Double]
      var nll: Double
    }
    struct Threshold: Decodable {
      var best: Double
      var half: Double
    }
    var truth: [Int]
    var first: [Double]
    var second: [Double]
    var useless: [Double]
    var temperature: Double
    var nll_before: Double
    var nll_after: Double
    var mixture: Mixture
    var mixture_useless: Mixture
    var recall_before: Double
    var recall_best: Double
    var scores: [Double]
    var positive: [Bool]
    var thresholds: [String: Threshold]
  }

  private static func known() throws -> Known {
    try JSONDecoder().decode(Known.self, from: Fixture.data("calibration.json"))
  }

  private static func logits(_ values: [Double], _ known: Known) -> LabelLogits {
    LabelLogits(values: values, labels: 3, truths: known.truth)
  }

  @Test func `the temperature is SciPy's`() throws {
    let known = try Self.known()
    let fit = TemperatureFit(Self.logits(known.first, known), origin: "validation")
    // SciPy's bounded search stops some 1e-8 from the place.
    #expect(abs(fit.temperature - known.temperature) < 1e-6)
    #expect(abs(fit.nllBefore - known.nll_before) < 1e-12)
    #expect(abs(fit.nllAfter - known.nll_after) < 1e-12)
    #expect(fit.origin == "validation, 200 rows")
  }

  @Test func `the temperature undoes a factor`() throws {
    let known = try Self.known()
    let plain = TemperatureFit(Self.logits(known.first, known), origin: "v")
    let scaled = TemperatureFit(Self.logits(known.first.map { $0 * 7 }, known), origin: "v")
    #expect(abs(scaled.temperature - 7 * plain.temperature) < 1e-8)
  }

  @Test func `without doubt or without rows the temperature stays in its range`() {
    let sure = LabelLogits([-1, 1, 2], outputs: 1, truths: [0, 1, 1])
    #expect(TemperatureFit(sure, origin: "v").temperature == 0.05)
    let wrong = LabelLogits([1, -1], outputs: 1, truths: [0, 1])
    #expect(TemperatureFit(wrong, origin: "v").temperature == 20)
    let none = LabelLogits([], outputs: 1, truths: [])
    #expect(TemperatureFit(none, origin: "v").temperature == 1)
  }

  @Test func `one logit is the pair 0 and z`() {
    let logits = LabelLogits([2, -1], outputs: 1, truths: [1, 0])
    #expect(logits.values == [0, 2, 0, -1] && logits.labels == 2 && logits.rows == 2)
    #expect(abs(logits.probabilities[0][1] - 0.8807970779778823) < 1e-15)
    // -ln σ(2) and -ln σ(1).
    #expect(abs(logits.nll - (0.12692801104297263 + 0.31326168751822286) / 2) < 1e-15)
  }

  @Test func `mixture weights are SciPy's`() throws {
    let known = try Self.known()
    let first = Self.logits(known.first, known)
    let found = MixtureWeights(
      network: first, coHead: Self.logits(known.second, known), origin: "validation")
    #expect(abs(found.network - known.mixture.weights[0]) < 1e-4)
    #expect(abs(found.coHead - known.mixture.weights[1]) < 1e-4)
    #expect(found.nll <= known.mixture.nll + 1e-12)
    #expect(found.nll < min(found.nllNetwork, found.nllCoHead))
    #expect(found.origin == "validation, 200 rows")
  }

  @Test func `a co-head that only harms gets the weight 0`() throws {
    let known = try Self.known()
    let found = MixtureWeights(
      network: Self.logits(known.first, known), coHead: Self.logits(known.useless, known),
      origin: "validation")
    #expect(found.coHead == 0)
    #expect(abs(found.network - 1 / known.temperature) < 1e-6)
    #expect(found.nll == found.nllNetwork)
    let swapped = MixtureWeights(
      network: Self.logits(known.useless, known), coHead: Self.logits(known.first, known),
      origin: "validation")
    #expect(swapped.network == 0 && abs(swapped.coHead - 1 / known.temperature) < 1e-6)
  }

  @Test(arguments: ThresholdChoice.Aim.allCases)
  func `the threshold is the best of all`(aim: ThresholdChoice.Aim) throws {
    let known = try Self.known()
    let wanted = try #require(known.thresholds[aim.rawValue])
    let found = ThresholdChoice(
      scores: known.scores, truths: known.positive, aim: aim, origin: "validation")
    #expect(abs(found.value - wanted.best) < 1e-12)
    #expect(abs(found.valueAtHalf - wanted.half) < 1e-12)
    #expect(found.origin == "validation, 150 rows" && found.aim == aim)
    let answers = known.scores.map { $0 >= Double(found.threshold) }
    if aim == .accuracy {
      let right = zip(answers, known.positive).count { $0 == $1 }
      #expect(Double(right) / 150 == found.value)
    }
  }

  private struct Case: Sendable {
    var scores: [Double]
    var truths: [Bool]
    var threshold: Float
    var value: Double
  }

  private static let cases = [
    // Nothing is better than 0.5, so it stays.
    Case(
      scores: [0.2, 0.4, 0.6, 0.9], truths: [false, false, true, true], threshold: 0.5, value: 1),
    // Midway between 0.1 and 0.2.
    Case(scores: [0.1, 0.2, 0.3], truths: [false, true, true], threshold: 0.15, value: 1),
    // 0.65 and 0.95 are as good as one another; the nearer to 0.5 wins.
    Case(
      scores: [0.6, 0.7, 0.9], truths: [false, true, false], threshold: 0.65, value: 2.0 / 3),
    Case(scores: [0.6, 0.7], truths: [false, false], threshold: 0.85, value: 1),
    Case(scores: [], truths: [], threshold: 0.5, value: 0),
  ]

  @Test(arguments: cases)
  private func `thresholds by hand`(known: Case) {
    let found = ThresholdChoice(
      scores: known.scores, truths: known.truths, aim: .accuracy, origin: "validation")
    #expect(abs(found.threshold - known.threshold) < 1e-6)
    #expect(abs(found.value - known.value) < 1e-15)
  }

  @Test func `offsets raise macro recall to what a fine net finds`() throws {
    let known = try Self.known()
    let logits = Self.logits(known.first, known)
    let found = LabelOffsets(logits, origin: "validation")
    #expect(abs(found.macroRecallBefore - known.recall_before) < 1e-12)
    // One label after the other may stop a little below the best of all pairs, and between the
    // places of the net a row or two may be won.
    #expect(abs(found.macroRecall - known.recall_best) < 0.01, "\(found)")
    var right = [0.0, 0, 0]
    var support = [0.0, 0, 0]
    for row in 0..<logits.rows {
      support[logits.truths[row]] += 1
      right[logits.truths[row]] += found.decide(logits[row]) == logits.truths[row] ? 1 : 0
    }
    let recall = zip(right, support).reduce(0) { $0 + $1.0 / $1.1 } / 3
    #expect(abs(recall - found.macroRecall) < 1e-12)
    #expect(found.origin == "validation, 200 rows")
  }

  @Test func `offsets stay 0 where nothing is gained`() {
    let logits = LabelLogits(
      values: [2, 0, 0, 0, 2, 0, 0, 0, 2], labels: 3, truths: [0, 1, 2])
    let found = LabelOffsets(logits, origin: "validation")
    #expect(found.offsets == [0, 0, 0] && found.macroRecall == 1)
    #expect(
      LabelOffsets(LabelLogits(values: [], labels: 3, truths: []), origin: "v").offsets == [
        0, 0, 0,
      ])
  }

  @Test func `an offset goes no further than it must`() {
    // The third label is one short of 1.5 everywhere.
    let logits = LabelLogits(
      values: [2, 0, 0, 0, 2, 0, 1.5, 0, 0, 0, 1.5, 0], labels: 3, truths: [0, 1, 2, 2])
    let found = LabelOffsets(logits, origin: "validation")
    #expect(abs(found.macroRecall - 1) < 1e-12)
    #expect(found.offsets[2] > 1.5 && found.offsets[2] < 1.51 && found.offsets[0] == 0)
  }

  @Test func `the figures of an epoch`() {
    let logits = LabelLogits(
      values: [2, 0, 0, 0, 2, 0, 1.5, 0, 0, 0, 0, 1.5], labels: 3, truths: [0, 1, 2, 2])
    let figures = ValidationFigures(logits)
    #expect(figures.accuracy == 0.75)
    #expect(figures.macroRecall == (1 + 1 + 0.5) / 3)
    #expect(abs(figures.macroF1 - (2.0 / 3 + 1 + 2.0 / 3) / 3) < 1e-15)
    #expect(figures.nll == logits.nll && figures[.nll] == logits.nll)
    #expect(figures[.accuracy] == 0.75)
    // As the threshold 0.5 has it, a tie is positive.
    #expect(ValidationFigures(LabelLogits([0], outputs: 1, truths: [1])).accuracy == 1)
  }
}
