/// The beginning of a file, by which it is recognised under another name or inode.
struct PrefixFingerprint: Sendable, Equatable {
  static let capacity = 1024

  /// The first bytes, decompressed, up to `capacity`.
  private(set) var prefix: [UInt8] = []

  /// Takes the next bytes of the file, as far as they still belong to the beginning.
  mutating func absorb(_ bytes: ArraySlice<UInt8>) {
    guard prefix.count < PrefixFingerprint.capacity else { return }
    prefix.append(contentsOf: bytes.prefix(PrefixFingerprint.capacity - prefix.count))
  }

  /// The hash of the first `length` bytes; nil while fewer are known.
  func value(length: Int64) -> UInt64? {
    guard (0...Int64(prefix.count)).contains(length) else { return nil }
    return PrefixFingerprint.hash(prefix[..<Int(length)])
  }

  /// FNV-1a with a final mix.
  static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    // The finaliser of splitmix64: FNV alone leaves the high bits of short inputs poorly mixed.
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    return hash ^ (hash >> 31)
  }

  /// True when both agree in all bytes that both have.
  func agrees(with other: PrefixFingerprint) -> Bool {
    let count = min(prefix.count, other.prefix.count)
    return prefix[..<count] == other.prefix[..<count]
  }

  /// The hash of all that is known.
  var value: UInt64 { value(length: Int64(prefix.count)) ?? 0 }
}
