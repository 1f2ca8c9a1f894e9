import Dispatch
import Synchronization

/// Work that is cut into a few parts.
package enum Threads {
  /// Does each of `count` parts, numbered from 0: one after the other on the calling thread, or side by side on as
  /// many threads as there are parts.
  package static func perform(_ count: Int, on threads: Int, _ part: @Sendable (Int) -> Void) {
    if threads > 1, count > 1 {
      DispatchQueue.concurrentPerform(iterations: count, execute: part)
    } else {
      for index in 0..<count { part(index) }
    }
  }

  /// What each of `count` parts makes, in their order.
  package static func map<Result: Sendable>(
    _ count: Int, on threads: Int, _ part: @Sendable (Int) -> Result
  ) -> [Result] {
    let results = Results<Result>(count)
    perform(count, on: threads) { index in
      let result = part(index)
      results.all.withLock { $0[index] = result }
    }
    return results.all.withLock { $0.compactMap { $0 } }
  }

  // A lock needs a place in memory that stays; a local constant that closures capture may not be one.
  private final class Results<Result: Sendable>: Sendable {
    let all: Mutex<[Result?]>

    init(_ count: Int) { all = Mutex(Array(repeating: nil, count: count)) }
  }
}
