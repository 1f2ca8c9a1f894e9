/// A linear head as training leaves it.
package struct LinearHead: Sendable, Equatable {
  /// Buckets.
  package let buckets: Int
  /// Logits a row: 1 for two labels (of the second), one a label otherwise.
  package let outputs: Int
  /// The weights, [buckets, outputs], row-major; 0 for buckets that no training row holds.
  package let kernel: [Float]
  /// The biases, [outputs].
  package let bias: [Float]
  /// Buckets that have weights.
  package let kept: Int
  /// Steps that training took.
  package let steps: Int
  /// The mean loss over the rows' weights at the end, penalty included.
  package let loss: Double
  /// The largest number of the mean loss's gradient at the end.
  package let largestSlope: Double
  /// True when the tolerance was reached within the recipe's steps.
  package let isDone: Bool

  init(
    buckets: Int, outputs: Int, columns: [Int32], weights: [SIMD4<Float>], steps: Int,
    loss: Double, largestSlope: Double, isDone: Bool
  ) {
    precondition(
      weights.count == columns.count + 1,
      "\(columns.count) columns and the biases are not \(weights.count) weights")
    var kernel = [Float](repeating: 0, count: buckets * outputs)
    for (column, bucket) in columns.enumerated() {
      precondition(Int(bucket) < buckets, "bucket \(bucket) of \(buckets)")
      for output in 0..<outputs {
        kernel[Int(bucket) * outputs + output] = weights[column][output]
      }
    }
    self.buckets = buckets
    self.outputs = outputs
    self.kernel = kernel
    bias = (0..<outputs).map { weights[columns.count][$0] }
    kept = columns.count
    self.steps = steps
    self.loss = loss
    self.largestSlope = largestSlope
    self.isDone = isDone
  }

  /// The logits of rows, [rows, outputs].
  package func logits(_ rows: SparseRows) -> [Float] {
    var logits: [Float] = []
    logits.reserveCapacity(rows.rows * outputs)
    var sums = [Double](repeating: 0, count: outputs)
    for row in 0..<rows.rows {
      for output in 0..<outputs { sums[output] = Double(bias[output]) }
      for place in rows.entries(of: row) {
        let start = Int(rows.buckets[place]) * outputs
        let value = Double(rows.values[place])
        for output in 0..<outputs { sums[output] += value * Double(kernel[start + output]) }
      }
      logits.append(contentsOf: sums.map(Float.init))
    }
    return logits
  }
}
