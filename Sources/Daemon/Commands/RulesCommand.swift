import ArgumentParser
import Foundation
import Ingest
import Report

/// `elmond rules`: the rules of the settings against those at X.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Compares the rules of the settings with those at X, and makes them the same.",
    subcommands: [Diff.self, Apply.self])

  /// What both commands need.
  struct Options: ParsableArguments {
    @Option(help: "The settings file.") var config = "/etc/elmond/elmond.toml"
    @Option(help: "The source whose rules are meant; needed where there are several.")
    var source: String?

    /// The rules at X, and those of the settings.
    func rules() throws -> (remote: XRules, wanted: [XRule]) {
      let settings = try SettingsLoader.load(config)
      let candidates = settings.sources.compactMap { source -> (Settings.Source, Settings.X)? in
        guard case .x(let x) = source.kind, x.stream == .filtered,
          self.source == nil || self.source == source.name
        else { return nil }
        return (source, x)
      }
      guard candidates.count == 1, let (source, x) = candidates.first else {
        throw CommandFailure(
          "\(config): \(candidates.isEmpty ? "no" : "more than one") source of kind \"x\" with "
            + "stream = \"filtered\"",
          remedy: candidates.isEmpty ? "add one" : "name it with --source", code: .configuration)
      }
      let environment = ProcessInfo.processInfo.environment
      guard let file = SourceFactory.token(of: source, environment: environment) else {
        throw SourceFactory.missingToken(of: source)
      }
      let options = NetworkOptions(
        userAgent: "elmond/\(Version.current)", authorities: source.authorities)
      let token = try RulesCommand.asking { try file.read() }
      return (XRules(base: x.url, token: token, options: options), x.rules)
    }
  }

  /// `elmond rules diff`.
  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows what apply would do.")
    @OptionGroup var options: Options

    func run() throws {
      let (remote, wanted) = try options.rules()
      let difference = RuleDifference(wanted: wanted, present: try RulesCommand.asking(remote.list))
      StandardStream.output.write(difference.text)
    }
  }

  /// `elmond rules apply`.
  struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds and deletes rules at X until they are those of the settings.",
      discussion: """
        New rules are tried first: when X refuses one, nothing is changed. Then rules with a new tag are \
        replaced, new ones added, and the others deleted. A change takes about 20 s to be in force.
        """)
    @OptionGroup var options: Options
    @Flag(help: "Ask X what it would do, and change nothing.") var dryRun = false

    func run() throws {
      let (remote, wanted) = try options.rules()
      let difference = RuleDifference(wanted: wanted, present: try RulesCommand.asking(remote.list))
      StandardStream.output.write(difference.text)
      guard !difference.isEmpty else { return }
      if !difference.new.isEmpty {
        try RulesCommand.check(
          try RulesCommand.asking { try remote.add(difference.new, dryRun: true) })
      }
      guard !dryRun else {
        StandardStream.output.write("dry run: nothing was changed\n")
        return
      }
      // X keeps a value but once: a rule with another tag has to go before it comes.
      if !difference.replaced.isEmpty {
        try RulesCommand.check(
          try RulesCommand.asking { try remote.delete(difference.replaced, dryRun: false) })
      }
      let added = difference.new + difference.retagged
      if !added.isEmpty {
        try RulesCommand.check(
          try RulesCommand.asking { try remote.add(added, dryRun: false) })
      }
      if !difference.obsolete.isEmpty {
        try RulesCommand.check(
          try RulesCommand.asking { try remote.delete(difference.obsolete, dryRun: false) })
      }
      StandardStream.output.write(
        "applied: \(added.count) added, "
          + "\(difference.obsolete.count + difference.replaced.count) deleted\n")
    }
  }

  /// The answer of X, or the failure as a command ends with it.
  static func asking<Answer>(_ question: () throws -> Answer) throws -> Answer {
    do { return try question() } catch let error as IngestError {
      throw CommandFailure(ingest: error)
    } catch let error as NetworkError {
      throw CommandFailure("\(error)", remedy: "check the network", code: .unavailable)
    }
  }

  private static func check(_ outcome: XRules.Outcome) throws {
    guard outcome.problems.isEmpty else {
      let problems = outcome.problems.map { "  " + PlainText.safe($0) }.joined(separator: "\n")
      throw CommandFailure(
        "X refuses rules:\n\(problems)", remedy: "correct them in the settings", code: .badInput)
    }
  }
}
