/// Random numbers that are the same on every machine for the same seed (SplitMix64).
package struct SeededNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts a sequence.
  package init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from -limit up to limit, evenly spread.
  package mutating func uniform(_ limit: Float) -> Float {
    // 24 bits are exact in a Float, so no rounding differs between machines.
    (Float(next() >> 40) * 0x1p-23 - 1) * limit
  }
}
