import Pipeline
import Synchronization

/// Keeps the source that reads standard input from one session to the next.
final class StandardInputKeeper: Sendable {
  private let source = Mutex<(any RecordSource)?>(nil)

  /// The source of the name that was kept, or else the one that `make` opens.
  func source(
    named name: String, make: () throws -> any RecordSource
  ) rethrows -> any RecordSource {
    if let kept = source.withLock({ $0 }), kept.name == name { return kept }
    let made = try make()
    source.withLock { $0 = made }
    return made
  }
}
