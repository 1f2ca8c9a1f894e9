import Foundation

/// The checkpoints of one run, in a directory: the last two are kept.
package struct CheckpointFolder: Sendable {
  private static let prefix = "step-"
  private static let suffix = ".checkpoint"
  private static let kept = 2

  /// The directory.
  package let path: String

  /// The checkpoints in a directory, which need not be there yet.
  package init(_ path: String) { self.path = path }

  /// The steps after which checkpoints are there, ascending.
  package var steps: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix(CheckpointFolder.prefix), name.hasSuffix(CheckpointFolder.suffix)
      else { return nil }
      return Int(
        name.dropFirst(CheckpointFolder.prefix.count).dropLast(CheckpointFolder.suffix.count))
    }.sorted()
  }

  /// The file of the checkpoint after a step.
  package func file(ofStep step: Int) -> String {
    let digits = "\(step)"
    let zeros = String(repeating: "0", count: max(0, 9 - digits.count))
    return "\(path)/\(CheckpointFolder.prefix)\(zeros)\(digits)\(CheckpointFolder.suffix)"
  }

  /// Writes the checkpoint after a step, then removes all but the last two; its file.
  @discardableResult
  package func write(_ state: CheckpointState, step: Int) throws(CheckpointError) -> String {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .system(
        operation: "create the directory of", path: path, cause: error.localizedDescription)
    }
    let file = file(ofStep: step)
    try state.write(to: file)
    for old in steps.dropLast(CheckpointFolder.kept) {
      try? FileManager.default.removeItem(atPath: self.file(ofStep: old))
    }
    return file
  }

  /// The newest checkpoint; nil when there is none.
  package func latest() throws(CheckpointError) -> CheckpointState? {
    guard let step = steps.last else { return nil }
    return try CheckpointState(contentsOf: file(ofStep: step))
  }
}
