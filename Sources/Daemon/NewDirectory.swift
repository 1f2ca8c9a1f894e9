import Foundation

/// A directory that a command will make.
enum NewDirectory {
  /// Refuses a path where something is already: what stands there is somebody's work.
  static func require(_ path: String) throws {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        "--output \(path) is there already",
        remedy: "name a new directory, or remove this one", code: .cannotCreate)
    }
  }
}
