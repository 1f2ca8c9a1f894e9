import Synchronization

/// A value behind a lock that async functions may take.
///
/// Taking it is never inlined: the lock asks for the thread's number, and a number that the optimiser keeps across a
/// suspension is that of another thread, which a contended unlocking then traps on (Swift 6.3 on Linux).
package final class Guarded<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  /// A value that nobody holds yet.
  package init(_ value: Value) { mutex = Mutex(value) }

  /// Does something with the value while nobody else has it.
  @inline(never)
  package func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    mutex.withLock { body(&$0) }
  }
}
