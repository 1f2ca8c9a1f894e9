private import CKernels

/// Dropout whose mask is drawn again wherever it is needed, instead of being kept.
///
/// What is dropped depends on the key, the row's number and the column alone: not on the order of
/// calls, the thread, the instruction set, or how rows are cut into calls.
package struct Dropout: Sendable, Equatable {
  /// The probability that an element is dropped, 0 ..< 1.
  package let probability: Float
  private let key: UInt64

  /// Dropout at one place of the network in one step; `place` tells the places apart.
  package init(probability: Float, seed: UInt64, step: Int, place: Int) {
    precondition(
      probability >= 0 && probability < 1, "a dropout of \(probability), want 0 ..< 1")
    self.probability = probability
    key = Self.mixed(
      Self.mixed(Self.mixed(seed) ^ UInt64(bitPattern: Int64(step)))
        ^ UInt64(bitPattern: Int64(place)))
  }

  /// x = x / (1 - probability), or 0 where the element is dropped; for the gradient the same call.
  ///
  /// `x` is [rows, columns]; `firstRow` is the number of its first row.
  package func apply(
    to x: inout MutableSpan<Float>, rows: Int, columns: Int, stride: Int, firstRow: Int = 0,
    on set: InstructionSet = .best
  ) {
    checkBlock("x", holds: x.count, rows: rows, columns: columns, stride: stride)
    checkStride("x", stride, columns: columns)
    guard rows > 0, columns > 0, probability > 0 else { return }
    let threshold = UInt32(Double(probability) * 0x1p32)
    unsafe x.withUnsafeMutableBufferPointer {
      unsafe elmond_dropout(
        set.path, Int64(rows), Int64(columns), $0.baseAddress, Int64(stride), key,
        Int64(firstRow), threshold, 1 / (1 - probability))
    }
  }

  /// A step of SplitMix64.
  private static func mixed(_ x: UInt64) -> UInt64 {
    var z = x &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
