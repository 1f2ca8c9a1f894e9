/// Which sentences each step of one epoch takes; a pure function of lengths, budget, seed and epoch.
///
/// Shuffled sentences are sorted by length within windows of some fifty batches, so that the rows of a
/// batch are of about one length and yet differ from epoch to epoch; then the batches are shuffled.
package struct BatchPlan: Sendable, Equatable {
  private static let batchesOfWindow = 50

  private var order: [Int32]  // sentences, batch by batch
  private var batches: [Range<Int32>]  // of the order

  /// Plans an epoch, from 0: a batch's rows times one more than its longest row's tokens stay within
  /// the budget, a batch of one row excepted.
  package init(_ sentences: SentenceList, budget: Int, seed: UInt64, epoch: Int) {
    precondition(budget > 0, "a batch needs a budget of 1 token or more, not \(budget)")
    precondition(
      sentences.count < Int32.max, "\(sentences.count) sentences are more than 32 bits can number")
    var generator = SeededGenerator(seed: TextHash.mix(seed) ^ UInt64(truncatingIfNeeded: epoch))
    order = Array(0..<Int32(sentences.count))
    generator.shuffle(&order)
    batches = []
    var start = 0
    while start < order.count {
      var end = start
      var cost = 0
      while end < order.count, cost < budget * BatchPlan.batchesOfWindow {
        cost += sentences.length(of: Int(order[end])) + 1
        end += 1
      }
      sort(start..<end, by: sentences)
      cut(start..<end, by: sentences, budget: budget)
      start = end
    }
    generator.shuffle(&batches)
  }

  /// How many batches there are.
  package var count: Int { batches.count }

  /// The sentences of a batch, the longest first.
  package subscript(batch: Int) -> ArraySlice<Int32> {
    precondition((0..<count).contains(batch), "batch \(batch) of \(count)")
    return order[Int(batches[batch].lowerBound)..<Int(batches[batch].upperBound)]
  }

  /// By falling length, equals in their shuffled order: a counting sort.
  private mutating func sort(_ window: Range<Int>, by sentences: SentenceList) {
    let lengths = window.map { sentences.length(of: Int(order[$0])) }
    let longest = lengths.max() ?? 0
    var places = [Int](repeating: 0, count: longest + 2)
    for length in lengths { places[longest - length + 1] += 1 }
    for index in places.indices.dropFirst() { places[index] += places[index - 1] }
    let shuffled = order[window]
    for (sentence, length) in zip(shuffled, lengths) {
      order[window.lowerBound + places[longest - length]] = sentence
      places[longest - length] += 1
    }
  }

  private mutating func cut(_ window: Range<Int>, by sentences: SentenceList, budget: Int) {
    var start = window.lowerBound
    while start < window.upperBound {
      let cost = sentences.length(of: Int(order[start])) + 1
      let end = min(window.upperBound, start + max(1, budget / cost))
      batches.append(Int32(start)..<Int32(end))
      start = end
    }
  }
}
