import Glibc
import ServiceLifecycle

/// Ends the session when the database is no longer the file that was opened: what is committed to a file
/// that was deleted is lost without an error.
struct DatabaseGuard: Service {
  let path: String

  func run() async throws {
    let opened = identity
    let isGone = await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await Task.sleep(for: .seconds(2)) } catch { return false }
        if identity != opened { return true }
      }
      return false
    }
    if isGone {
      throw CommandFailure(
        "the database \(path) was removed or replaced while the daemon ran",
        remedy: "stop the daemon before moving its database; it starts a new one now",
        code: .inputOutput)
    }
    try? await gracefulShutdown()
  }

  private var identity: [UInt64]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
