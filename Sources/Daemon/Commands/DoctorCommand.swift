import ArgumentParser
import ELMo
import Foundation
import Ingest
import Report
import Store
import Tweets

/// `elmond doctor`: looks at what a start needs, one thing after the other, and says what to do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks settings, model, database, disk, report, clock, credentials and network; "
      + "says what to do.")

  @Option(help: "The settings file.") var config = "/etc/elmond/elmond.toml"

  func run() throws {
    var examination = Examination()
    // What follows can be looked at without the settings too, at its usual places.
    let settings = examination.look(at: "settings") {
      let settings = try SettingsLoader.load(config)
      let (sources, topics) = (settings.sources.count, settings.topics.count)
      return (settings, "\(config): sources: \(sources), topics: \(topics)")
    }
    examine(settings ?? Settings(), with: &examination)
    StandardStream.output.write(examination.text)
    if let code = examination.firstFailure { throw ArgumentParser.ExitCode(code.rawValue) }
  }

  private func examine(_ settings: Settings, with examination: inout Examination) {
    examination.look(at: "model") {
      let begin = ContinuousClock.now
      let model = try LoadedModel(settings.model)
      let span = Figures.span(seconds: (ContinuousClock.now - begin).inSeconds)
      do { try model.bundle.verifyChecksums() } catch {
        throw CommandFailure(model: error, in: model.bundle.directory)
      }
      let cover =
        model.bundle.manifest.digest == nil
        ? "weights good, model.json not covered by a digest (elmond model seal adds one)"
        : "checksums good"
      return ((), "\(model.name), \(model.engine), loaded in \(span), \(cover)")
    }
    let database = settings.store.database
    let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
    examination.look(at: "database") {
      try DoctorCommand.checkFolder(folder)
      guard FileManager.default.fileExists(atPath: database) else {
        return ((), "\(database): not there yet, the first start makes it")
      }
      let inputs = try DatabaseOption.read(database) { try $0.statusInputs() }
      let days = try DatabaseOption.read(database) { try $0.check() }
      if let failure = DatabaseCommand.failure(days: days, path: database) { throw failure }
      let commit = inputs.lastCommit.map { "last commit \($0)" } ?? "nothing committed yet"
      if let last = inputs.lastCommit, last > WallClock.now {
        throw CommandFailure(
          "\(database): its last commit \(last) lies in the future",
          remedy: "set the clock; tweets are counted by it", code: .configuration)
      }
      return ((), "\(database): \(Figures.bytes(inputs.databaseBytes)), \(commit)")
    }
    examination.look(at: "disk") {
      let free = try DoctorCommand.freeBytes(in: folder)
      guard free >= DoctorCommand.leastFreeBytes else {
        throw CommandFailure(
          "\(folder): \(Figures.bytes(free)) are free, a full disk pauses the daemon",
          remedy: "make room, or lower retain under [store]", code: .inputOutput)
      }
      return ((), "\(folder): \(Figures.bytes(free)) free")
    }
    examination.look(at: "report") {
      let folder = URL(fileURLWithPath: settings.report.path).deletingLastPathComponent().path
      try DoctorCommand.checkFolder(folder)
      return ((), settings.report.path)
    }
    for source in settings.sources where source.kind.isLive {
      LiveExamination(source: source, database: database).run(with: &examination)
    }
    examination.look(at: "clock") {
      let now = WallClock.now
      guard now >= DoctorCommand.firstTime else {
        throw CommandFailure(
          "the clock says \(now), which is before this program was made",
          remedy: "set the clock, by timedatectl set-ntp true for instance", code: .configuration)
      }
      return ((), "\(now)")
    }
  }

  /// A database of a busy day and its log find room in it.
  private static let leastFreeBytes: Int64 = 256 << 20
  /// No clock that is right says less: 2026-11-01T00:00:00Z.
  private static let firstTime = Timestamp(seconds: 1_793_491_200)

  /// Refuses a folder in which this user cannot make files.
  private static func checkFolder(_ folder: String) throws {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      throw CommandFailure(
        "\(folder): there is no such folder",
        remedy: "make it and give it to the daemon's user", code: .cannotCreate)
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw CommandFailure(
        "\(folder): this user cannot write in it",
        remedy: "run elmond doctor as the daemon's user, or give that user the folder",
        code: .permission)
    }
  }

  private static func freeBytes(in folder: String) throws -> Int64 {
    var status = statvfs()
    guard unsafe statvfs(folder, &status) == 0 else {
      throw CommandFailure(
        "\(folder): its free space cannot be read: \(unsafe String(cString: strerror(errno)))",
        code: .inputOutput)
    }
    return Int64(status.f_bavail) * Int64(status.f_frsize)
  }
}
