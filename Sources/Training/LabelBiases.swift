import Classifier
import Foundation

/// What is added to each label's logit so that, over validation rows, the mean probability of each label is its share.
package struct LabelBiases: Sendable, Equatable {
  /// One number a label, in label order; they sum to 0.
  package let biases: [Double]
  /// The mean probabilities without them.
  package let meansBefore: [Double]
  /// Each label's share of the rows, and the mean probabilities with the biases.
  package let shares: [Double]
  /// The rows that they were chosen on, for the model card: such as `validation, 2000 rows`.
  package let origin: String

  /// Adds the logarithm of share over mean probability to each label's bias until no mean is off by more than 10^-9.
  ///
  /// Where they agree the likelihood of the rows is largest: it is concave in the biases. A label without rows keeps 0.
  package init(_ logits: LabelLogits, origin: String) {
    let count = logits.labels
    let rows = Double(max(logits.rows, 1))
    let shares = (0..<count).map { label in
      Double(logits.truths.count { $0 == label }) / rows
    }
    var biases = [Double](repeating: 0, count: count)
    let before = LabelBiases.means(logits, biases)
    var means = before
    for _ in 0..<500 where logits.rows > 0 {
      let steps = zip(shares, means).map { $0 > 0 && $1 > 0 ? Logistic.log($0 / $1) : 0 }
      for label in 0..<count { biases[label] += steps[label] }
      means = LabelBiases.means(logits, biases)
      if zip(shares, means).allSatisfy({ $0 == 0 || abs($0 - $1) < 1e-9 }) { break }
    }
    let centre = biases.reduce(0, +) / Double(count)
    self.biases = biases.map { $0 - centre }
    self.shares = shares
    meansBefore = before
    self.origin = "\(origin), \(logits.rows) rows"
  }

  /// In words for the report and the model card.
  package var words: String {
    func text(_ shares: [Double]) -> String {
      shares.map { String(format: "%.4f", $0) }.joined(separator: ", ")
    }
    return "mean probabilities \(text(meansBefore)) to the shares \(text(shares)), on \(origin)"
  }

  private static func means(_ logits: LabelLogits, _ biases: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: biases.count)
    for row in 0..<logits.rows {
      let own = Logistic.softmax(zip(logits[row], biases).map { $0 + $1 })
      for label in sums.indices { sums[label] += own[label] }
    }
    return sums.map { $0 / Double(max(logits.rows, 1)) }
  }
}
