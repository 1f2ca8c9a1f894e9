extension SentimentPipeline {
  /// Repeats what failed for a passing reason, with growing pauses, and says so; throws anything else.
  ///
  /// After a stop it gives up after a while: what is not committed is read again at the next start.
  func patiently<Value: Sendable>(
    _ operation: () async throws -> Value
  ) async throws -> Value {
    var pause = configuration.retryPause
    var failing: ContinuousClock.Instant?
    defer { if failing != nil { endPause() } }
    while true {
      do {
        let value = try await marked(.committer, operation)
        if failing != nil {
          failing = nil
          if endPause() { announce { $0.state("store resumed", []) } }
        }
        return value
      } catch  where store.isTemporary(error) {
        let since = failing ?? .now
        if failing == nil {
          failing = since
          beginPause("\(error)")
        }
        if let stopped, ContinuousClock.now - max(stopped, since) >= configuration.stopPatience {
          throw error
        }
        try await rest(for: pause)
        pause = min(pause * 2, .seconds(10))
      }
    }
  }

  /// Says that the store fails, unless another call has said so.
  private func beginPause(_ reason: String) {
    let isFirst = failingCalls.withLock { calls in
      calls += 1
      return calls == 1
    }
    guard isFirst else { return }
    monitor.pause(reason)
    announce { $0.warning("store paused", [("reason", reason)]) }
  }

  /// A call that failed is over; true when no other one is failing.
  @discardableResult
  private func endPause() -> Bool {
    failingCalls.withLock { calls in
      calls -= 1
      if calls == 0 { monitor.pause(nil) }
      return calls == 0
    }
  }

  /// Waits; a stop cuts the pause short.
  private func rest(for pause: Duration) async throws {
    let end = ContinuousClock.now + pause
    repeat {
      try await Task.sleep(for: min(configuration.retryPause, end - .now))
    } while stopped == nil && ContinuousClock.now < end
  }

  /// Marks a stage as at work while it is, however that ends.
  func marked<Value: Sendable>(
    _ stage: PipelineMonitor.Stage, _ work: () async throws -> Value
  ) async throws -> Value {
    let mark = monitor.begin(stage, at: .now)
    defer { monitor.end(mark) }
    return try await work()
  }
}
