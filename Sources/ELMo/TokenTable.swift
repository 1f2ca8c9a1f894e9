/// Finds the slot of a token by its bytes: open addressing over a fixed number of slots.
///
/// The owner chooses the slots. Nothing is allocated after `init`. The hash is seeded by process, so
/// that nobody can write tweets whose tokens collide.
struct TokenTable {
  let capacity: Int
  let keySize: Int
  private let mask: Int
  private var buckets: [Int32]  // slot, or -1
  private var hashes: [Int]  // [capacity]
  private var lengths: [Int]  // [capacity]
  private var keys: [UInt8]  // [capacity, keySize]

  init(capacity: Int, keySize: Int) {
    self.capacity = capacity
    self.keySize = keySize
    var size = 4
    while size < 2 * capacity { size *= 2 }
    mask = size - 1
    buckets = Array(repeating: -1, count: size)
    hashes = Array(repeating: 0, count: capacity)
    lengths = Array(repeating: 0, count: capacity)
    keys = Array(repeating: 0, count: capacity * keySize)
  }

  /// The hash of the bytes that count.
  func hash(_ token: [UInt8]) -> Int {
    var hasher = Hasher()
    unsafe token.withUnsafeBytes {
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.prefix(keySize)))
    }
    return hasher.finalize()
  }

  func slot(of token: [UInt8], hash: Int) -> Int? {
    var bucket = hash & mask
    while buckets[bucket] >= 0 {
      let slot = Int(buckets[bucket])
      if hashes[slot] == hash, matches(slot, token) { return slot }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  mutating func insert(_ token: [UInt8], hash: Int, slot: Int) {
    let length = min(token.count, keySize)
    for index in 0..<length { keys[slot * keySize + index] = token[index] }
    lengths[slot] = length
    hashes[slot] = hash
    var bucket = hash & mask
    while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
    buckets[bucket] = Int32(slot)
  }

  mutating func remove(slot: Int) {
    var hole = hashes[slot] & mask
    while buckets[hole] != Int32(slot) { hole = (hole + 1) & mask }
    // Later entries move back, so that no search ends early at the hole.
    var bucket = hole
    while true {
      bucket = (bucket + 1) & mask
      guard buckets[bucket] >= 0 else { break }
      let home = hashes[Int(buckets[bucket])] & mask
      let stays = hole <= bucket ? (hole < home && home <= bucket) : (hole < home || home <= bucket)
      if stays { continue }
      buckets[hole] = buckets[bucket]
      hole = bucket
    }
    buckets[hole] = -1
  }

  mutating func removeAll() {
    for bucket in buckets.indices { buckets[bucket] = -1 }
  }

  private func matches(_ slot: Int, _ token: [UInt8]) -> Bool {
    guard lengths[slot] == min(token.count, keySize) else { return false }
    let start = slot * keySize
    for index in 0..<lengths[slot] where keys[start + index] != token[index] { return false }
    return true
  }
}
