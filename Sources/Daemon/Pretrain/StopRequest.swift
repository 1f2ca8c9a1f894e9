import Dispatch
import Glibc
import Synchronization

/// Whether SIGINT or SIGTERM asked a long command to come to an end.
///
/// The first one asks; the second one ends the process as it would have without this.
final class StopRequest {
  private final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
  }

  private static let signals = [SIGINT, SIGTERM]

  private let flag = Flag()
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen, for as long as this object lives.
  init() {
    let flag = flag
    sources = StopRequest.signals.map { number in
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        flag.isSet.store(true, ordering: .relaxed)
        for number in StopRequest.signals { _ = signal(number, SIG_DFL) }
      }
      source.activate()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in StopRequest.signals { _ = signal(number, SIG_DFL) }
  }

  /// True once a signal came.
  var isStopping: Bool { flag.isSet.load(ordering: .relaxed) }
}
