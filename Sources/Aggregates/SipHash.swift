/// SipHash-2-4 with a fixed key: the same hash on every machine and in every release.
///
/// Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. Keys are stored, so the standard
/// library's hashing, which is seeded anew in each process, does not serve.
package struct SipHash: Sendable {
  private var v0: UInt64 = 0x736f_6d65_7073_6575
  private var v1: UInt64 = 0x646f_7261_6e64_6f6d
  private var v2: UInt64 = 0x6c79_6765_6e65_7261
  private var v3: UInt64 = 0x7465_6462_7974_6573
  private var tail: UInt64 = 0
  private var count: UInt64 = 0

  /// A hash under the key (`k0`, `k1`).
  package init(k0: UInt64 = 0x0706_0504_0302_0100, k1: UInt64 = 0x0f0e_0d0c_0b0a_0908) {
    v0 ^= k0
    v1 ^= k1
    v2 ^= k0
    v3 ^= k1
  }

  /// Adds bytes.
  package mutating func append(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      tail |= UInt64(byte) << (8 * (count & 7))
      count += 1
      if count & 7 == 0 {
        compress(tail)
        tail = 0
      }
    }
  }

  /// The hash of all bytes; ends the use of the value.
  package mutating func finish() -> UInt64 {
    compress(tail | (count << 56))
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  private mutating func compress(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  private mutating func round() {
    v0 &+= v1
    v1 = (v1 << 13) | (v1 >> 51)
    v1 ^= v0
    v0 = (v0 << 32) | (v0 >> 32)
    v2 &+= v3
    v3 = (v3 << 16) | (v3 >> 48)
    v3 ^= v2
    v0 &+= v3
    v3 = (v3 << 21) | (v3 >> 43)
    v3 ^= v0
    v2 &+= v1
    v1 = (v1 << 17) | (v1 >> 47)
    v1 ^= v2
    v2 = (v2 << 32) | (v2 >> 32)
  }
}
