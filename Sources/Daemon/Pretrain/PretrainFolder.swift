import Foundation
import Glibc
import Training

/// The output of a pre-training: the best bundle so far, the history, and the checkpoints of the run.
///
///     model.json  weights.safetensors  softmax.safetensors  vocabulary.txt  history.csv  history.svg
///     checkpoints/step-000012000.checkpoint  …
struct PretrainFolder {
  let path: String

  init(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// The last component, the bundle's name where none was given.
  var name: String { URL(fileURLWithPath: path).lastPathComponent }

  var checkpoints: CheckpointFolder { CheckpointFolder(path + "/checkpoints") }

  /// A directory of a run that was begun here.
  var isBegun: Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: checkpoints.path)) != nil
  }

  /// Refuses a place where something else is, and a run that is not to go on. Resuming where nothing is
  /// begins there, so that one command can be repeated until it is done.
  func check(resuming: Bool) throws {
    guard resuming else {
      guard isBegun else { return try NewDirectory.require(path) }
      throw CommandFailure(
        "--output \(path) holds a run that was begun already",
        remedy: "go on with it (--resume), or name a new directory", code: .cannotCreate)
    }
    let contents = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard isBegun || !FileManager.default.fileExists(atPath: path) || contents.isEmpty else {
      throw CommandFailure(
        "cannot resume in \(path): something else than a pre-training is there",
        remedy: "name the directory of the run, or a new one", code: .cannotCreate)
    }
  }

  /// The newest checkpoint of the same run; nil when there is none. Of another run it is refused.
  ///
  /// The corpus is not known yet: what can be refused before it is read, is.
  func restore(_ identity: RunIdentity) throws -> CheckpointState? {
    do throws(CheckpointError) {
      guard let state = try checkpoints.latest() else { return nil }
      var earlier = RunIdentity(of: state)
      earlier.facts["corpus"] = nil
      let differences = identity.differences(from: earlier)
      guard differences.isEmpty else { throw .differentRun(differences) }
      return state
    } catch {
      throw CommandFailure(checkpoint: error)
    }
  }

  /// Makes the directories and locks them; finishes a bundle that was on its way when an earlier process
  /// ended.
  func prepare() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: checkpoints.path, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(
        "cannot create \(path): \(error.localizedDescription)",
        remedy: "name a directory in which this user may create files", code: .cannotCreate)
    }
    try lock()
    // What a killed process left half-written.
    let left = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints.path)) ?? []
    for name in left where name.hasSuffix(".partial") || name.hasSuffix(".partial.old") {
      try? FileManager.default.removeItem(atPath: "\(checkpoints.path)/\(name)")
    }
    if FileManager.default.fileExists(atPath: whole + "/model.json") {
      try publish()
    } else {
      try? FileManager.default.removeItem(atPath: whole)
    }
  }

  /// Refuses a run that another process is at. The lock ends with the process, however that ends, so the
  /// descriptor is never closed.
  private func lock() throws {
    let file = unsafe open(checkpoints.path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw CommandFailure(
        "cannot open \(checkpoints.path)/lock: \(unsafe String(cString: strerror(errno)))",
        remedy: "check that this user may write there", code: .cannotCreate)
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      throw CommandFailure(
        "another process trains in --output \(path)",
        remedy: "wait for it, or end it with SIGINT and go on with --resume", code: .tryLater)
    }
  }

  /// Puts a new bundle in the place of the one before; `write` fills a directory that is not there yet.
  ///
  /// A reader finds a whole bundle or, for a moment, no model.json.
  func replaceBundle(_ write: (String) throws -> Void) throws {
    try? FileManager.default.removeItem(atPath: partial)
    do {
      try write(partial)
      try rename(partial, whole)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("cannot write the bundle: \(error)", code: .cannotCreate)
    }
    try publish()
  }

  /// Writes `history.csv` and `history.svg`.
  func write(_ history: PretrainingHistory) throws {
    try AtomicFile.write(history.csv, to: path + "/history.csv")
    try AtomicFile.write(history.svg, to: path + "/history.svg")
  }

  // The steps of writing a bundle: being written, whole, in its place.
  private var partial: String { checkpoints.path + "/best.partial" }
  private var whole: String { checkpoints.path + "/best" }

  private func publish() throws {
    let manager = FileManager.default
    let names = (try? manager.contentsOfDirectory(atPath: whole)) ?? []
    try? manager.removeItem(atPath: path + "/model.json")
    for name in names.sorted() where name != "model.json" {
      try rename("\(whole)/\(name)", "\(path)/\(name)")
    }
    try rename("\(whole)/model.json", "\(path)/model.json")
    try? manager.removeItem(atPath: whole)
  }

  private func rename(_ old: String, _ new: String) throws {
    guard unsafe Glibc.rename(old, new) == 0 else {
      throw CommandFailure(
        "cannot rename \(old) to \(new): \(unsafe String(cString: strerror(errno)))",
        remedy: "check that this user may write there", code: .cannotCreate)
    }
  }
}
