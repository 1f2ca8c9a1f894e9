import Dispatch

/// Work that may wait for a disk or a socket, kept off the threads that everything else shares.
enum BlockingWork {
  private static let queue = DispatchQueue(label: "elmond.blocking")

  /// The work's result, when its turn has come and it is done.
  static func run<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try work() }) }
    }
  }
}
