import Dispatch

/// Runs an actor's jobs on a dispatch queue of its own, so that blocking calls of SQLite never hold a
/// thread of the cooperative pool.
///
/// `@unchecked Sendable`: the only stored property is a dispatch queue, which is safe to share.
final class SerialQueueExecutor: SerialExecutor, @unchecked Sendable {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
