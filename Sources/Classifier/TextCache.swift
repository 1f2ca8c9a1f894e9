package import Tweets

/// What the model said of the texts seen last, so that a retweet is not read again.
///
/// Keyed by the bytes of the whole clean text, on which the answer depends alone: an answer from here has the
/// bits of a computed one. (Strings would not do: they are equal in composed and decomposed form.)
///
/// It holds two generations, the younger of at most half the capacity. When that is full it becomes the older
/// one, and what stood in the older one, not asked for since, is forgotten.
package struct TextCache: Sendable {
  /// The longest clean text that is kept, in bytes.
  package static let longestText = 1024

  /// The most texts it holds; 0 keeps none.
  package let capacity: Int
  /// Texts that were not read again.
  package private(set) var hits = 0
  /// Texts that the model read.
  package private(set) var misses = 0

  private var young: [[UInt8]: Sentiment] = [:]
  private var old: [[UInt8]: Sentiment] = [:]

  /// An empty cache.
  package init(capacity: Int) {
    precondition(capacity >= 0, "a cache of \(capacity) texts")
    self.capacity = capacity
  }

  /// How many texts it holds.
  package var count: Int { young.count + old.count }

  /// The answer to a clean text, if it is there; counts a hit.
  package mutating func fetch(_ clean: [UInt8]) -> Sentiment? {
    if let sentiment = young[clean] {
      hits += 1
      return sentiment
    }
    guard let sentiment = old.removeValue(forKey: clean) else { return nil }
    hits += 1
    keep(sentiment, for: clean)
    return sentiment
  }

  /// Counts a text that stands in the same call already.
  package mutating func countHit() { hits += 1 }

  /// Keeps the answer that was computed for a clean text; counts a miss.
  package mutating func store(_ sentiment: Sentiment, for clean: [UInt8]) {
    misses += 1
    guard clean.count <= TextCache.longestText else { return }
    keep(sentiment, for: clean)
  }

  private mutating func keep(_ sentiment: Sentiment, for clean: [UInt8]) {
    let most = capacity / 2
    guard most > 0 else { return }
    if young.count >= most {
      old = young
      young = Dictionary(minimumCapacity: most)
    }
    young[clean] = sentiment
  }
}
