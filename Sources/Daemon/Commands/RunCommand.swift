import ArgumentParser
import Foundation

/// `elmond run`: the daemon.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Reads the sources, classifies, and keeps the aggregates.")

  @Option(help: "The settings file.") var config = "/etc/elmond/elmond.toml"
  @Flag(help: "Stop with 0 once every source is read to its end.") var untilEnd = false

  func run() async throws {
    let settings = try SettingsLoader.load(config)
    if untilEnd, settings.sources.allSatisfy(\.kind.isLive) {
      throw CommandFailure(
        "--until-end: all sources are live streams, which have no end",
        remedy: "leave the flag out, or add a source of kind file, directory or stdin", code: .usage
      )
    }
    try await DaemonProcess(settings: settings, untilEnd: untilEnd).run()
  }
}
