import Foundation
internal import GRDB

extension QueryReader {
  /// Writes a copy of the database, as it is at one moment, into a new file; the daemon may write meanwhile.
  package func backUp(to output: String) throws(StoreError) {
    let partial = "\(output).\(ProcessInfo.processInfo.processIdentifier).partial"
    do {
      defer { unsafe unlink(partial) }
      try queue.inDatabase { db in
        try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
      }
      let descriptor = unsafe open(partial, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0, fchmod(descriptor, 0o640) == 0, fsync(descriptor) == 0 else {
        throw FileFailure(errno, "write", partial).error
      }
      _ = close(descriptor)
      guard unsafe link(partial, output) == 0 else {
        throw FileFailure(errno, "create", output).error
      }
    } catch {
      throw StoreError(error, operation: "copy", path: path)
    }
  }
}
