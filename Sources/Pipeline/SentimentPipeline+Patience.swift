extension SentimentPipeline {
  /// Repeats what failed for a passing reason, with growing pauses, and says so; throws anything else.
  ///
  /// After a stop it gives up after a while: what is not committed is read again at the next start.
  func patiently<Value: Sendable>(
    _ operation: () async throws -> Value
  ) async throws -> Value {
    var pause = configuration.retryPause
    var failing: ContinuousClock.Instant?
    defer { if failing != nil { endPause(isWell: false) } }
    while true {
      do {
        let value = try await marked(.committer, operation)
        if failing != nil {
          failing = nil
          endPause(isWell: true)
        }
        return value
      } catch  where store.isTemporary(error) {
        let since = failing ?? .now
        if failing == nil {
          failing = since
          storePause.withLock { $0.begin(at: since, clock()) }
        }
        let isLocked = store.isLocked(error)
        tellOfPause("\(error)", isLocked: isLocked)
        if let stopped, ContinuousClock.now - max(stopped, since) >= configuration.stopPatience {
          throw error
        }
        try await rest(for: pause)
        pause = min(pause * 2, .seconds(isLocked ? 1 : 10))
      }
    }
  }

  /// Says that the store fails, once until it works again.
  private func tellOfPause(_ reason: String, isLocked: Bool) {
    let words = storePause.withLock { $0.fails(reason, isLocked: isLocked, at: .now) }
    guard let words else { return }
    monitor.pause(words.reason)
    announce { $0.warning(words.phrase, words.fields) }
  }

  /// A call that failed is over; says so when the store was said to fail and no other call fails.
  private func endPause(isWell: Bool) {
    let (isOver, words) = storePause.withLock { $0.end(isWell: isWell, at: .now) }
    if isOver { monitor.pause(nil) }
    if let words { announce { $0.state(words.phrase, words.fields) } }
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
