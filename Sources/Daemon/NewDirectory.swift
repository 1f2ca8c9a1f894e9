import Foundation

/// A directory that a command will make.
enum NewDirectory {
  /// Refuses a path where something is already: what stands there is somebody's work.
  ///
  /// `argument` is what the caller calls the path; nil when the path speaks for itself.
  static func require(_ path: String, argument: String? = "--output") throws {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        (argument.map { "\($0) " } ?? "") + "\(path) is there already",
        remedy: "name a new directory, or remove this one", code: .cannotCreate)
    }
    // The nearest folder that is there: better to fail now than after hours of work.
    var folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    while !FileManager.default.fileExists(atPath: folder), folder != "/" {
      folder = URL(fileURLWithPath: folder).deletingLastPathComponent().path
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw CommandFailure(
        (argument.map { "\($0) " } ?? "") + "\(path) cannot be made in \(folder)",
        remedy: "name a directory in which this user may create files", code: .cannotCreate)
    }
  }
}
