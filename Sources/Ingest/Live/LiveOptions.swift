/// What all live sources have in common.
package struct LiveOptions: Sendable {
  /// How requests are made.
  package var network: NetworkOptions
  /// What one record may cost.
  package var frame: FrameLimits
  /// The monotonic clock that waits and stalls are measured by.
  package var clock: @Sendable () -> ContinuousClock.Instant
  /// How long one pull waits for the network at most.
  package var pause: Duration
  /// The share of a tenth that each wait for a reconnection is longer, 0 … 1.
  package var jitter: @Sendable () -> Double

  /// Options; the defaults are the daemon's.
  package init(
    network: NetworkOptions = NetworkOptions(), frame: FrameLimits = FrameLimits(),
    clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    pause: Duration = .milliseconds(100),
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.network = network
    self.frame = frame
    self.clock = clock
    self.pause = pause
    self.jitter = jitter
  }
}
