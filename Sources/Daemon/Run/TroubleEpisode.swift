import Pipeline

/// A trouble that may last: it is told of when it begins and when it ends, not at each attempt between.
final class TroubleEpisode: Sendable {
  /// What is to be told.
  enum Change: Equatable {
    case began(reason: String)
    case ended
    case none
  }

  private let isOpen = Guarded(false)

  /// Notes how an attempt went; nil is a good one.
  func note(_ reason: String?) -> Change {
    isOpen.withLock { isOpen in
      defer { isOpen = reason != nil }
      guard let reason else { return isOpen ? .ended : .none }
      return isOpen ? .none : .began(reason: reason)
    }
  }
}
