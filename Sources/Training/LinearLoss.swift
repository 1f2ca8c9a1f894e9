import Classifier

/// The labels' part of a linear head's loss: what the scores of all rows cost, and how that changes
/// with them.
struct LinearLoss: Sendable {
  /// Scores a row: 1 for two labels (of the second), one a label otherwise, 4 at most.
  let outputs: Int
  /// The label index of each row.
  let truths: [Int]
  /// How much each row counts.
  let weights: [Float]
  let threads: Int
  private let blocks: [Range<Int>]

  init(outputs: Int, truths: [Int], weights: [Float], threads: Int) {
    self.outputs = outputs
    self.truths = truths
    self.weights = weights
    self.threads = threads
    blocks = ParallelBlocks.even(truths.count, size: 1 << 12)
  }

  /// Weight times (probability - truth) of each row.
  func residuals(_ scores: [SIMD4<Float>]) -> [SIMD4<Float>] {
    let parts = ParallelBlocks.map(blocks, threads: threads) { block in
      block.map { row in
        let answer = answer(SIMD4<Double>(scores[row]), truth: truths[row])
        return SIMD4<Float>(Double(weights[row]) * answer.residual)
      }
    }
    return parts.flatMap { $0 }
  }

  /// The loss of scores + t · ways, and its first and second derivative by t.
  func along(
    _ scores: [SIMD4<Float>], _ ways: [SIMD4<Float>], at t: Double
  ) -> (value: Double, slope: Double, curvature: Double) {
    let parts = ParallelBlocks.map(blocks, threads: threads) { block in
      var sums = SIMD3<Double>()
      for row in block {
        let way = SIMD4<Double>(ways[row])
        let answer = answer(SIMD4<Double>(scores[row]) + t * way, truth: truths[row])
        let mean = (answer.probabilities * way).sum()
        // One score stands for the pair 0, z.
        let square = (answer.probabilities * way * way).sum() - mean * mean
        sums +=
          Double(weights[row])
          * SIMD3(answer.loss, (answer.residual * way).sum(), max(0, square))
      }
      return sums
    }
    let sums = parts.reduce(SIMD3<Double>(), +)
    return (sums.x, sums.y, sums.z)
  }

  private func answer(
    _ scores: SIMD4<Double>, truth: Int
  ) -> (loss: Double, probabilities: SIMD4<Double>, residual: SIMD4<Double>) {
    if outputs == 1 {
      let probability = Logistic.sigmoid(scores.x)
      let loss = Logistic.crossEntropy(scores.x, truth: truth == 1)
      let probabilities = SIMD4(probability, 0, 0, 0)
      return (loss, probabilities, probabilities - SIMD4(truth == 1 ? 1 : 0, 0, 0, 0))
    }
    var peak = scores[0]
    for label in 1..<outputs { peak = max(peak, scores[label]) }
    var powers = SIMD4<Double>()
    for label in 0..<outputs { powers[label] = Logistic.exp(scores[label] - peak) }
    let sum = powers.sum()
    let probabilities = powers / sum
    var residual = probabilities
    residual[truth] -= 1
    return (Logistic.log(sum) + peak - scores[truth], probabilities, residual)
  }
}
