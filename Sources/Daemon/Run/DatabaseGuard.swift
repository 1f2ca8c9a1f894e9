import Glibc
import ServiceLifecycle
import Store

/// Ends the session when the database is damaged, or no longer the file that was opened: what is committed to a file
/// that was deleted is lost without an error.
struct DatabaseGuard: Service {
  let store: AggregateStore

  func run() async throws {
    let opened = identity
    let failure: CommandFailure? = await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await Task.sleep(for: .seconds(2)) } catch { return nil }
        if identity != opened { return gone }
        if let damage = await store.damage { return damaged(damage) }
      }
      return nil
    }
    if let failure { throw failure }
    try? await gracefulShutdown()
  }

  private var path: String { store.path }

  private var gone: CommandFailure {
    CommandFailure(
      "the database \(path) was removed or replaced while the daemon ran",
      remedy: "stop the daemon before moving its database; it starts a new one now",
      code: .inputOutput)
  }

  private func damaged(_ cause: String) -> CommandFailure {
    CommandFailure(
      "the database \(path) is damaged: \(cause)",
      remedy: "start the daemon again: it puts the file aside and reads the sources' files again",
      code: .badInput)
  }

  private var identity: [UInt64]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
