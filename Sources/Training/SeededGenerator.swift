/// xoshiro256**, seeded through SplitMix64 (Blackman and Vigna, https://prng.di.unimi.it).
///
/// Own draws and an own shuffle beside it, so that a seed means the same bits with every version of
/// the standard library.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The generator of a seed.
  package init(seed: UInt64) {
    var splitMix = seed
    func next() -> UInt64 {
      defer { splitMix &+= 0x9E37_79B9_7F4A_7C15 }
      return Self.mixed(splitMix)
    }
    state = (next(), next(), next(), next())
  }

  /// The generator of one purpose, 0 ..< 64, in one step of a run: it depends on nothing that was drawn before.
  package init(seed: UInt64, step: Int, purpose: Int) {
    precondition((0..<64).contains(purpose), "purpose \(purpose), want 0 ..< 64")
    let place = UInt64(truncatingIfNeeded: step) &* 64 &+ UInt64(purpose)
    self.init(seed: Self.mixed(seed ^ Self.mixed(place)))
  }

  /// The first draw of SplitMix64 from a seed.
  private static func mixed(_ seed: UInt64) -> UInt64 {
    var z = seed &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A whole number in 0 ..< bound, each equally likely.
  package mutating func draw(below bound: Int) -> Int {
    precondition(bound > 0, "a draw needs a bound above 0, not \(bound)")
    let bound = UInt64(bound)
    // Draws in the incomplete last stretch are taken again.
    let limit = UInt64.max - (UInt64.max % bound + 1) % bound
    var value = next()
    while value > limit { value = next() }
    return Int(value % bound)
  }

  /// A number in 0 ..< 1 with 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Puts the elements into a random order (Fisher and Yates).
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, draw(below: last + 1))
    }
  }
}
