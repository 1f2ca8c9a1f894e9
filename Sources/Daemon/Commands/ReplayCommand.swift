import ArgumentParser
import Foundation

/// `elmond replay`: an archive through the path of a live source.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Feeds an archive through the same path as a live source.",
    discussion: """
      Tweets count at their own times. With a speed other than max they come at the pace at which they were \
      written, times the speed, and are shed as a live stream's are when the machine is too slow for it. \
      A replay that was interrupted goes on where it was.
      """)

  @Argument(help: "The archive: any file that a source of kind file reads.") var file: String
  @OptionGroup var input: InputOptions
  @Option(help: "max, original, or a factor such as 10x.") var speed = "original"
  @Option(help: "The settings file: model, topics, store. Its sources are not read.")
  var config: String?
  @Option(help: "The database; needed without --config, and better than the daemon's own.")
  var database: String?
  @Option(help: "The name of the source in database, log and report.") var source = "replay"

  @OptionGroup var language: LanguageOption
  @OptionGroup var languages: SourceLanguageOptions

  func run() async throws {
    guard let speed = ReplaySpeed(speed) else {
      throw CommandFailure(
        "--speed: expected max, original, or a factor such as 10x, found \(speed)", code: .usage)
    }
    guard SettingsText.isName(source) else {
      throw CommandFailure(
        "--source: expected 1 to 64 characters out of a-z, 0-9, _ and -", code: .usage)
    }
    guard FileManager.default.fileExists(atPath: file) else {
      throw CommandFailure("\(file): there is no such file", code: .inputMissing)
    }
    var settings = try settings()
    let folder = FileManager.default.currentDirectoryPath
    var archive = Settings.Source(
      name: source, kind: .replay(path: SettingsText.absolute(file, in: folder), speed: speed))
    input.apply(to: &archive)
    languages.apply(to: &archive)
    settings.sources = [archive]
    if language.anyLanguage { settings.model.anyLanguage = true }
    try await DaemonProcess(settings: settings, untilEnd: true).run()
  }

  private func settings() throws -> Settings {
    var settings = try config.map { try SettingsLoader.load($0) } ?? Settings()
    if let database {
      let path = SettingsText.absolute(
        database, in: FileManager.default.currentDirectoryPath)
      settings.store.database = path
      settings.report.path = path + ".status.txt"
    } else if config == nil {
      throw CommandFailure(
        "replay needs a database to count in",
        remedy: "give --database FILE, or --config FILE", code: .usage)
    }
    if config == nil {
      // An archive is older than any daemon would keep.
      settings.store.retainMinutes = nil
      settings.store.retainHours = nil
      settings.store.dedupHorizon = nil
    }
    return settings
  }
}
