import Dispatch
import Synchronization

/// Work on the blocks of a range by several threads, with answers that do not depend on how many.
enum ParallelBlocks {
  /// The answer for each block, in order; `threads` of them are worked on at a time.
  static func map<Answer: Sendable>(
    _ blocks: [Range<Int>], threads: Int, _ work: @escaping @Sendable (Range<Int>) -> Answer
  ) -> [Answer] {
    precondition(threads > 0, "work needs 1 thread or more, not \(threads)")
    guard threads > 1, blocks.count > 1 else { return blocks.map(work) }
    let next = Atomic<Int>(0)
    let answers = Mutex<[Int: Answer]>([:])
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < blocks.count else { return }
        let answer = work(blocks[place])
        answers.withLock { $0[place] = answer }
      }
    }
    return answers.withLock { done in blocks.indices.compactMap { done[$0] } }
  }

  /// Blocks of `size` numbers that make up 0 ..< count.
  static func even(_ count: Int, size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// Blocks of about `size` units each, where `starts` tells the units before each number.
  static func weighed(_ starts: [Int], size: Int) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var first = 0
    for number in starts.indices.dropFirst()
    where starts[number] - starts[first] >= size || number == starts.count - 1 {
      blocks.append(first..<number)
      first = number
    }
    return blocks
  }
}
