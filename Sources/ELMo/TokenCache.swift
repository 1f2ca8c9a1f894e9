import LinearAlgebra

/// Encoder outputs of the tokens seen last, a bounded number of them.
///
/// Keyed by the bytes that count, which are all the encoder looks at: a token's vector is the same
/// whether it comes from here or is computed. A token used since the hand of the clock last passed
/// gets a second chance.
package struct TokenCache {
  /// The most tokens it holds; 0 keeps none.
  package let capacity: Int
  /// Tokens that needed no encoding, counted as often as they occurred.
  package private(set) var hits = 0
  /// Tokens that were encoded.
  package private(set) var misses = 0
  /// Tokens it holds now.
  package private(set) var count = 0

  private let vectorSize: Int
  private var table: TokenTable
  private var vectors: [Float] = []  // [count, vectorSize]
  private var isReferenced: [Bool]
  private var hand = 0

  init(capacity: Int, keySize: Int, vectorSize: Int) {
    precondition(capacity >= 0, "a cache of \(capacity) tokens")
    self.capacity = capacity
    self.vectorSize = vectorSize
    table = TokenTable(capacity: capacity, keySize: keySize)
    isReferenced = Array(repeating: false, count: capacity)
    vectors.reserveCapacity(capacity * vectorSize)
  }

  mutating func countHit() { hits += 1 }

  /// Copies the token's vector into `row` if it is there; counts a miss if not.
  mutating func fetch(_ token: [UInt8], hash: Int, into row: inout MutableSpan<Float>) -> Bool {
    guard capacity > 0, let slot = table.slot(of: token, hash: hash) else {
      misses += 1
      return false
    }
    hits += 1
    isReferenced[slot] = true
    Rows.copy(vectors.span.extracting(slot * vectorSize..<(slot + 1) * vectorSize), into: &row)
    return true
  }

  mutating func store(_ token: [UInt8], hash: Int, vector: Span<Float>) {
    guard capacity > 0, table.slot(of: token, hash: hash) == nil else { return }
    let slot: Int
    if count < capacity {
      slot = count
      count += 1
      for index in vector.indices { vectors.append(vector[index]) }
    } else {
      while isReferenced[hand] {
        isReferenced[hand] = false
        hand = (hand + 1) % capacity
      }
      slot = hand
      hand = (hand + 1) % capacity
      table.remove(slot: slot)
      for index in vector.indices { vectors[slot * vectorSize + index] = vector[index] }
    }
    isReferenced[slot] = false
    table.insert(token, hash: hash, slot: slot)
  }
}
