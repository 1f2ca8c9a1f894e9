import Dispatch
import ELMo
import LinearAlgebra

/// The rate that plain large products of an engine's type reach on two threads: what the biLSTM is measured by.
struct EnginePeak {
  let engine: Engine

  private static let (rows, depth, columns) = (512, 1024, 1024)

  /// The work of one thread. `@unchecked Sendable`: each lane belongs to one iteration of the loop that
  /// runs them side by side, which waits for all.
  private final class Lane: @unchecked Sendable {
    private let weights: Int8Matrix
    private var left = QuantisedRows(rows: rows, columns: depth)
    private var result = [Float](repeating: 0, count: rows * columns)

    init() {
      let numbers = (0..<depth * columns).map { Float($0 % 97) - 48 }
      weights = Int8Matrix(numbers.span, rows: depth, columns: columns)
      let activations = (0..<rows * depth).map { Float($0 % 89) - 44 }
      left.quantise(activations.span, stride: depth, rows: rows, columns: depth)
    }

    func multiply() {
      var target = result.mutableSpan
      left.multiply(by: weights, into: &target, cStride: columns)
    }
  }

  /// Operations a second, a multiply-add counted as two; of single precision by the faster of our kernels
  /// and OpenBLAS.
  func operationsPerSecond(runs: Int) -> Double {
    switch engine {
    case .fp32:
      max(
        ProductPeak(precision: .fp32, threads: 2).operationsPerSecond(runs: runs),
        ProductPeak.openBLAS(threads: 2, runs: runs))
    case .bf16: ProductPeak(precision: .bf16, threads: 2).operationsPerSecond(runs: runs)
    case .int8: int8(runs: runs)
    }
  }

  private func int8(runs: Int) -> Double {
    let lanes = (0..<2).map { _ in Lane() }
    let times = 8
    let seconds = MedianTime.seconds(runs: runs, warmUps: 1) {
      DispatchQueue.concurrentPerform(iterations: 2) { lane in
        for _ in 0..<times { lanes[lane].multiply() }
      }
    }
    return 2 * Double(Self.rows * Self.depth * Self.columns) * Double(times * 2) / seconds
  }
}
