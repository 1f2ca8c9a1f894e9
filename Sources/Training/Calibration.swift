import Classifier
import Foundation

/// How the logits of network and co-head become probabilities and a decision: chosen on validation rows.
package struct Calibration: Sendable {
  /// The factor on the network's logits.
  package private(set) var networkWeight = 1.0
  /// The factor on the co-head's logits.
  package private(set) var coHeadWeight = 0.0
  /// What the sum is divided by.
  package private(set) var temperature = 1.0
  /// What is added to each label's logit after that; nil for nothing.
  package private(set) var biases: [Double]?
  /// What is added to each label's log-probability by the decision `macro_recall`; nil for nothing.
  package private(set) var offsets: [Double]?
  /// The score from which the decision `threshold` answers `positive`; nil for three labels.
  package private(set) var threshold: Float?
  /// How it went, in words for the report and the model card.
  package private(set) var facts: [String: String] = [:]

  /// What stands where no row can choose: of two parts the mean.
  package static func unchosen(hasCoHead: Bool) -> Calibration {
    var calibration = Calibration()
    if hasCoHead { (calibration.networkWeight, calibration.coHeadWeight) = (0.5, 0.5) }
    return calibration
  }

  private init() {}

  /// Chooses on the bare logits of validation rows; `coHead` is nil where there is none. `metric` is what the
  /// threshold, or the offsets, make large.
  package init(
    network: LabelLogits, coHead: LabelLogits?, metric: StoppingMetric, origin: String
  ) {
    if let coHead {
      let mixture = MixtureWeights(network: network, coHead: coHead, origin: origin)
      networkWeight = mixture.network
      coHeadWeight = mixture.coHead
      facts["calibration"] =
        "logits \(Self.text(mixture.network)) network + \(Self.text(mixture.coHead)) co-head, nll "
        + "\(Self.text(mixture.nll)) (network alone \(Self.text(mixture.nllNetwork)), co-head alone "
        + "\(Self.text(mixture.nllCoHead))), on \(mixture.origin)"
    } else {
      let fit = TemperatureFit(network, origin: origin)
      temperature = fit.temperature
      facts["calibration"] =
        "temperature \(Self.text(fit.temperature)), nll \(Self.text(fit.nllBefore)) to "
        + "\(Self.text(fit.nllAfter)), on \(fit.origin)"
    }
    let plain = logits(network: network, coHead: coHead)
    let choice = DecisionChoice(plain, metric: metric, origin: origin)
    let fit = LabelBiases(plain, origin: origin)
    biases = fit.biases
    facts["label_biases"] = fit.words
    // Chosen without the biases, then expressed with them: the biases change no such decision.
    offsets = choice.offsets.map { zip($0, fit.biases).map { $0 - $1 } }
    threshold = choice.threshold.map { Self.moved($0, by: fit.biases[1] - fit.biases[0]) }
    if let fact = choice.fact { facts[fact.key] = fact.words }
  }

  /// A threshold of two labels once their logit is moved.
  private static func moved(_ threshold: Float, by bias: Double) -> Float {
    guard threshold > 0, threshold < 1 else { return threshold }
    return Float(Logistic.sigmoid(Logistic.log(Double(threshold) / (1 - Double(threshold))) + bias))
  }

  /// The logits of all parts together, whose softmax is the probabilities.
  package func logits(network: LabelLogits, coHead: LabelLogits?) -> LabelLogits {
    let sum =
      coHead.map {
        network.mixed(networkWeight / temperature, with: $0, coHeadWeight / temperature)
      } ?? network.scaled(by: networkWeight / temperature)
    return biases.map(sum.biased) ?? sum
  }

  private static func text(_ value: Double) -> String { String(format: "%.4f", value) }
}
