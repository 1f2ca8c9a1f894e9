import ArgumentParser

/// `elmond check-config`: says what the settings mean, or what is wrong with them.
struct CheckConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config", abstract: "Checks a settings file.")

  @Argument(help: "The settings file.") var file: String

  func run() throws {
    let settings = try SettingsLoader.load(file)
    StandardStream.output.write(
      "\(file): good; sources: \(settings.sources.map(\.name).joined(separator: ", ")); "
        + "topics: \(settings.topics.map(\.name).joined(separator: ", "))\n")
  }
}
