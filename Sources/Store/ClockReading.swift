package import Tweets

/// What the machine's clocks say at one moment.
package struct ClockReading: Sendable, Equatable {
  /// The time of day, which somebody may set.
  package var time: Timestamp
  /// Milliseconds since the machine started, which nobody can set.
  package var uptime: Int64
  /// A number that is another one at each start of the machine.
  package var boot: Int64

  /// A reading from its parts.
  package init(time: Timestamp, uptime: Int64, boot: Int64) {
    self.time = time
    self.uptime = uptime
    self.boot = boot
  }
}
