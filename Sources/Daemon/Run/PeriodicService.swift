import ServiceLifecycle

/// Does one small thing again and again until the shutdown.
struct PeriodicService: Service {
  let name: String
  let interval: Duration
  let atOnce: Bool
  let body: @Sendable () async -> Void

  init(
    _ name: String, every interval: Duration, atOnce: Bool = false,
    body: @escaping @Sendable () async -> Void
  ) {
    self.name = name
    self.interval = interval
    self.atOnce = atOnce
    self.body = body
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      if atOnce { await body() }
      while !Task.isCancelled {
        do { try await Task.sleep(for: interval) } catch { return }
        await body()
      }
    }
  }
}
