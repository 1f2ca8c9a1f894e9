/// A co-head as training leaves it.
package struct TrainedCoHead: Sendable, Equatable {
  /// The n-grams are hashed into 2^bits buckets.
  package let bits: Int
  /// What each bucket's entries count for, [2^bits]; 0 leaves a bucket out.
  package let idf: [Float]
  /// The linear head over the buckets.
  package let head: LinearHead

  /// The logits of cleaned texts, [texts, outputs].
  package func logits(_ clean: [String], threads: Int = 2) -> [Float] {
    head.logits(CoHeadTrainer.features(clean, bits: bits, idf: idf, threads: threads))
  }
}
