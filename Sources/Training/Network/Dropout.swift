/// Dropout whose mask is a function of where it stands, so that it is never stored.
///
/// An element is kept when its byte of a hashed counter reaches the threshold; so the rate is taken
/// in steps of 1/256, and what is kept is scaled by the exact inverse of that.
package struct Dropout: Sendable {
  private let threshold: UInt64
  private let key: UInt64

  /// The share that is dropped, as it is applied.
  package var rate: Double { Double(threshold) / 256 }

  /// Dropout of about `rate` at one place of a run: `key` tells the places apart.
  package init(rate: Double, key: UInt64) {
    precondition((0..<1).contains(rate), "a dropout rate is 0 up to 1, not \(rate)")
    threshold = UInt64((rate * 256).rounded())
    self.key = key
  }

  /// The key of a place: seed, step, and which of the step's masks.
  package static func key(seed: UInt64, step: Int, mask: Int) -> UInt64 {
    mix(seed ^ mix(UInt64(truncatingIfNeeded: step) &* 64 &+ UInt64(mask)))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Drops from the first `rows` rows of `columns` numbers, `stride` apart; the same each time.
  func apply<R: Real>(
    to values: inout MutableSpan<R>, rows: Int, columns: Int, stride: Int
  ) {
    guard threshold > 0, rows > 0 else { return }
    let scale = R(256) / R(256 - threshold)
    let words = (columns + 7) / 8
    precondition((rows - 1) * stride + columns <= values.count)
    unsafe values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for word in 0..<words {
          var bits = Self.mix(key &+ UInt64(row * words + word) &* 0x9E37_79B9_7F4A_7C15)
          let first = row * stride + word * 8
          for place in first..<min(first + 8, row * stride + columns) {
            let factor: R = bits & 0xFF >= threshold ? scale : 0
            unsafe values[place] *= factor
            bits >>= 8
          }
        }
      }
    }
  }
}
