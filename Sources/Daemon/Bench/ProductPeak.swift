import Dispatch
import LinearAlgebra
import Training

/// The rate that matrix products reach when nothing else is done: what a training step is measured by.
struct ProductPeak {
  /// How the factors are rounded.
  let precision: ProductPrecision
  /// How many products run side by side, each on a thread of its own.
  let threads: Int

  /// The work of one thread. `@unchecked Sendable`: each lane belongs to one iteration of the loop that
  /// runs them side by side, which waits for all.
  private final class Lane: @unchecked Sendable {
    private let factor: PackedFactor
    private let left = Block<Float>()
    private let result = Block<Float>()
    private let (rows, depth, columns): (Int, Int, Int)

    init(rows: Int, depth: Int, columns: Int, _ precision: ProductPrecision) {
      (self.rows, self.depth, self.columns) = (rows, depth, columns)
      factor = PackedFactor(precision)
      let weights = [Float](repeating: 0.25, count: depth * columns)
      factor.set(
        weights.span, rows: depth, columns: columns, stride: columns, transposed: false)
      left.grow(to: rows * depth)
      left.fill(rows * depth, with: 0.5)
      result.grow(to: rows * columns)
    }

    func multiply(times: Int) {
      var target = result.mutableSpan
      for _ in 0..<times {
        factor.multiply(
          left.span, aStride: depth, rows: rows, bias: nil, accumulate: false, into: &target,
          cStride: columns)
      }
    }
  }

  /// Operations a second, a multiply-add counted as two: the best of several shapes, each the median of
  /// `runs` runs.
  func operationsPerSecond(runs: Int) -> Double {
    let shapes = [(128, 256, 1024), (256, 512, 2048), (1024, 512, 512)]
    return shapes.map { rows, depth, columns in
      let lanes = (0..<threads).map { _ in
        Lane(rows: rows, depth: depth, columns: columns, precision)
      }
      let operations = 2 * Double(rows * depth * columns)
      // Some 4e9 operations a thread: long enough for a clock, short enough to repeat.
      let times = max(1, Int(4e9 / operations))
      let seconds = MedianTime.seconds(runs: runs, warmUps: 1) {
        DispatchQueue.concurrentPerform(iterations: threads) { lanes[$0].multiply(times: times) }
      }
      return operations * Double(times * threads) / seconds
    }.max() ?? 0
  }

  /// The same by OpenBLAS, which has single precision only: a square product on all threads.
  static func openBLAS(threads: Int, runs: Int) -> Double {
    let size = 1536
    let factor = [Float](repeating: 0.5, count: size * size)
    var result = factor
    let before = OpenBLAS.threads
    OpenBLAS.setThreads(threads)
    defer { OpenBLAS.setThreads(before) }
    let seconds = MedianTime.seconds(runs: runs, warmUps: 1) {
      var target = result.mutableSpan
      OpenBLAS.gemm(
        transposeA: false, transposeB: false, m: size, n: size, k: size, alpha: 1, a: factor.span,
        aStride: size, b: factor.span, bStride: size, beta: 0, c: &target, cStride: size)
    }
    return 2 * Double(size * size * size) / seconds
  }
}
