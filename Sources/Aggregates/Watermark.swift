package import Tweets

/// How far event time has come: buckets before it are final unless something is very late.
package struct Watermark: Sendable, Equatable {
  /// What is known of one source.
  package struct Progress: Sendable, Equatable {
    /// The source's own watermark: its newest event time less the allowed disorder.
    package var time: Timestamp
    /// When the source last delivered something.
    package var lastArrival: Timestamp

    /// Progress from its parts.
    package init(time: Timestamp, lastArrival: Timestamp) {
      self.time = time
      self.lastArrival = lastArrival
    }
  }

  /// The watermark of a source that was read to its end: all its buckets are final.
  package static let finished = Timestamp(milliseconds: Int64.max / 2)

  /// How much later than the newest tweet an older one may come, in seconds.
  package var allowedDisorder: Int64
  /// After how many seconds without a tweet a source no longer holds the others back.
  package var idleAfter: Int64

  /// A rule from its limits in seconds.
  package init(allowedDisorder: Int64 = 300, idleAfter: Int64 = 300) {
    self.allowedDisorder = allowedDisorder
    self.idleAfter = idleAfter
  }

  /// The watermark of one source whose newest tweet has the time `newest`.
  package func time(newest: Timestamp) -> Timestamp {
    Timestamp(milliseconds: newest.milliseconds - allowedDisorder * 1000)
  }

  /// The watermark of all: the earliest of those that are not idle at `now`; of all idle ones the latest.
  package func global(_ sources: [Progress], now: Timestamp) -> Timestamp? {
    let awake = sources.filter {
      now.milliseconds - $0.lastArrival.milliseconds <= idleAfter * 1000
    }
    return awake.map(\.time).min() ?? sources.map(\.time).max()
  }
}
