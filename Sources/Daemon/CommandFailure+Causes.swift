import ELMo
import Foundation
import Ingest
import Store
import Training

extension CommandFailure {
  /// A bundle that was refused, with the exit code for what the file system says of it.
  init(model error: any Error, in directory: String) {
    let code: ExitCode
    var remedy: String?
    if case .system(_, let path, _)? = error as? ModelError {
      if !FileManager.default.fileExists(atPath: path) {
        code = .inputMissing
        remedy = "name a directory that holds model.json and weights.safetensors"
      } else if !FileManager.default.isReadableFile(atPath: path) {
        code = .permission
        remedy = "give this user the right to read \(directory) and its files"
      } else {
        code = .inputOutput
      }
    } else {
      code = .badInput
    }
    self.init("\(error)", remedy: remedy, code: code)
  }
}

extension CommandFailure {
  /// A file that cannot be read, with the exit code for its kind.
  init(ingest error: IngestError) {
    let code: ExitCode
    switch error.kind {
    case .missing: code = .inputMissing
    case .permission: code = .permission
    case .corrupt, .truncated, .tooLarge, .foreign, .unread: code = .badInput
    default: code = .inputOutput
    }
    self.init(
      "cannot \(error.operation) \(error.subject): \(error.cause)", remedy: error.remedy, code: code
    )
  }
}

extension CommandFailure {
  /// A database that was refused, with the store's own exit code and remedy.
  init(store error: StoreError) {
    self.init(
      "cannot \(error.operation) \(error.subject): \(error.cause)", remedy: error.remedy,
      code: ExitCode(rawValue: error.exitCode) ?? .inputOutput)
  }
}

extension CommandFailure {
  /// A checkpoint that could not be written or gone on from.
  init(checkpoint error: CheckpointError) {
    guard case .system = error else {
      self.init("\(error)", code: .badInput)
      return
    }
    self.init("\(error)", code: .inputOutput)
  }
}
