import Aggregates
import ArgumentParser
import Report

/// `elmond check-config`: says what the settings mean, or what is wrong with them.
struct CheckConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config", abstract: "Checks a settings file.")

  @Argument(help: "The settings file.") var file: String

  func run() throws {
    let settings = try SettingsLoader.load(file)
    StandardStream.output.write(
      "\(file): good; sources: \(settings.sources.map(\.name).joined(separator: ", ")); "
        + "topics: \(settings.topics.map(\.name).joined(separator: ", "))\n"
        + settings.topics.map(matching).joined())
  }

  /// What a topic looks for, as its patterns were understood.
  private func matching(_ topic: Settings.Topic) -> String {
    let shown = topic.match.prefix(CheckConfigCommand.mostPatterns).map { pattern in
      Topic.meaning(of: pattern).joined(separator: " ")
    }
    let rest = topic.match.count - shown.count
    return "  \(topic.name) matches: " + shown.map(PlainText.safe).joined(separator: " | ")
      + (rest > 0 ? " | and \(rest) more" : "") + "\n"
  }

  private static let mostPatterns = 40
}
