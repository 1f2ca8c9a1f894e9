/// Why a checkpoint cannot be written, read or gone on from.
package enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// A call of the operating system failed.
  case system(operation: String, path: String, cause: String)
  /// The file is no checkpoint of this program.
  case foreign(path: String)
  /// The file was written by another version of the format.
  case version(path: String, wanted: Int, found: Int)
  /// The file ends too early, or goes on behind its end.
  case size(path: String, wanted: Int, found: Int)
  /// The file's bytes are not those that were written.
  case checksum(path: String, wanted: String, found: String)
  /// The file's list of contents cannot be read.
  case header(path: String, cause: String)
  /// The state lacks something that the run needs.
  case missing(String)
  /// Something in the state has another kind or size than the run needs.
  case mismatch(String, wanted: String, found: String)
  /// The run was begun with other settings or other text.
  case differentRun([RunIdentity.Difference])

  /// Operation, subject, cause and remedy.
  package var description: String {
    switch self {
    case .system(let operation, let path, let cause):
      "\(operation) checkpoint \(path): \(cause)"
    case .foreign(let path):
      "read checkpoint \(path): it is no checkpoint; \(CheckpointError.remedy)"
    case .version(let path, let wanted, let found):
      "read checkpoint \(path): format version \(found), this program reads \(wanted); "
        + "go on with the program that wrote it, or begin anew in another directory"
    case .size(let path, let wanted, let found):
      "read checkpoint \(path): \(wanted) bytes wanted, \(found) found; \(CheckpointError.remedy)"
    case .checksum(let path, let wanted, let found):
      "read checkpoint \(path): it is damaged, SHA-256 wanted \(wanted), found \(found); "
        + CheckpointError.remedy
    case .header(let path, let cause):
      "read checkpoint \(path): its list of contents cannot be read, \(cause); "
        + CheckpointError.remedy
    case .missing(let name):
      "resume: the checkpoint holds no \(name); begin anew in another directory"
    case .mismatch(let name, let wanted, let found):
      "resume: \(name) of the checkpoint is \(found), wanted \(wanted); "
        + "begin anew in another directory"
    case .differentRun(let differences):
      "resume: the run was begun otherwise: "
        + differences.map(\.description).joined(separator: ", ")
        + "; give the same again, or begin anew in another directory"
    }
  }

  private static let remedy = "remove this file to go on from the checkpoint before it"
}
