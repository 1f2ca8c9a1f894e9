import Foundation

/// A file that a command writes whole.
enum NewFile {
  /// Refuses a path that is one of the command's inputs: what is written is never what is read.
  static func require(_ path: String, among inputs: [String]) throws {
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    for input in inputs
    where URL(fileURLWithPath: input).resolvingSymlinksInPath().path == place {
      throw CommandFailure(
        "\(path) is an input of this command", remedy: "name another file to write",
        code: .usage)
    }
  }
}
