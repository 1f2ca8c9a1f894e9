import ServiceLifecycle
import UnixSignals

/// Waits for SIGHUP; returns, and so ends the session, when there are new settings.
struct ReloadService: Service {
  let onHangup: @Sendable () async -> Bool

  func run() async throws {
    let isReloading = await cancelWhenGracefulShutdown {
      for await _ in await UnixSignalsSequence(trapping: .sighup) {
        if await onHangup() { return true }
      }
      return false
    }
    // The end of the signals means the end of the session, which somebody else has begun.
    if !isReloading { try? await gracefulShutdown() }
  }
}
