/// Byte strings numbered in the order they first came: an arena, and an open-addressing hash table.
///
/// A few bytes for a type beside its own, where a dictionary of strings takes a hundred.
struct TypeIndex: Sendable {
  private(set) var arena: [UInt8] = []
  private(set) var starts: [Int] = [0]
  private var hashes: [UInt32] = []  // of every number, to pass over others without a look
  private var slots = [Int32](repeating: -1, count: 1 << 12)

  /// How many byte strings there are.
  var count: Int { hashes.count }

  /// The bytes of a number.
  func bytes(of number: Int) -> ArraySlice<UInt8> { arena[starts[number]..<starts[number + 1]] }

  /// The number of the bytes in a range, whose hash is given; a new one when they are new.
  mutating func number(
    of text: Span<UInt8>, _ range: Range<Int>, hash: UInt64
  ) -> Int32 {
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while true {
      let number = slots[slot]
      if number < 0 { break }
      if hashes[Int(number)] == tag, equal(Int(number), text, range) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = Int32(count)
    precondition(number < .max, "\(count) types are more than ids of 32 bits can tell apart")
    slots[slot] = number
    for index in range { arena.append(text[index]) }
    starts.append(arena.count)
    hashes.append(tag)
    if count * 2 > slots.count { grow() }
    return number
  }

  private func equal(_ number: Int, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = starts[number]
    guard starts[number + 1] - start == range.count else { return false }
    for offset in 0..<range.count where arena[start + offset] != text[range.lowerBound + offset] {
      return false
    }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for number in 0..<count {
      var hash = TextHash()
      for byte in bytes(of: number) { hash.take(byte) }
      var slot = Int(truncatingIfNeeded: hash.value) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }
}

/// A 64-bit hash of bytes, the same in every run: FNV-1a with a last mixing.
struct TextHash: Sendable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  @inline(__always)
  mutating func take(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

  var value: UInt64 { TextHash.mix(state) }

  /// Every bit of the result depends on every bit of `value` (SplitMix64's last step).
  @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A set of 64-bit hashes in one array.
struct HashSet64: Sendable {
  private var slots = [UInt64](repeating: 0, count: 1 << 12)
  private(set) var count = 0

  /// Adds a hash; false when it was there.
  mutating func insert(_ hash: UInt64) -> Bool {
    // 0 marks a free slot.
    guard HashSet64.place(hash == 0 ? 1 : hash, in: &slots) else { return false }
    count += 1
    if count * 2 > slots.count {
      var larger = [UInt64](repeating: 0, count: slots.count * 4)
      for hash in slots where hash != 0 { _ = HashSet64.place(hash, in: &larger) }
      slots = larger
    }
    return true
  }

  private static func place(_ hash: UInt64, in slots: inout [UInt64]) -> Bool {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      if slots[slot] == hash { return false }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = hash
    return true
  }
}
