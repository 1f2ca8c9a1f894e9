import ArgumentParser
import Foundation
import Report
import Store
import Tweets

/// `elmond db`: what an operator does with the database itself.
struct DatabaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db", abstract: "Prunes, copies and checks the database.",
    subcommands: [Prune.self, Backup.self, Check.self])

  /// `elmond db prune`.
  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prunes what is older than retain, at once.",
      discussion: """
        Without --yes it prints what would go and changes nothing. With --yes neither a shorter retain nor a clock that \
        was set waits any longer. The daemon must not run.
        """)

    @OptionGroup var source: DatabaseOption
    @Flag(help: "Prune; without it the command only says what would go.") var yes = false

    func run() async throws {
      let settings = try source.settings().store
      let path = try source.path()
      try DatabaseCommand.requireFile(path)
      let clock = MachineClock.reading
      do {
        let store = try AggregateStore(path: path, now: clock.time)
        let plan = try await store.previewPrune(settings.retention, at: clock)
        StandardStream.output.write(text(plan, settings))
        if yes {
          try await store.confirmPrune(settings.retention, at: clock)
          var confirmed = plan
          confirmed.obstacle = nil
          let result = try await store.prune(
            confirmed, horizon: settings.dedupHorizon?.components.seconds)
          StandardStream.output.write(
            "pruned: \(result.droppedRows) rows dropped, \(result.mergedRows) merged, "
              + "\(result.expiredKeys) keys of seen tweets expired\n")
        } else {
          StandardStream.error.say("elmond: nothing was changed; --yes prunes")
        }
        try await store.close()
      } catch {
        throw CommandFailure(store: error)
      }
    }

    private func text(_ plan: PrunePlan, _ settings: Settings.Store) -> String {
      func words(_ span: Duration?) -> String { span.map(SettingsText.words) ?? "forever" }
      var text =
        "retain: minutes \(words(settings.retainMinutes)), hours \(words(settings.retainHours))\n"
      if case .clock(let expected) = plan.obstacle {
        text += "the clock says \(plan.now), the newest time that is known is \(expected)\n"
      }
      return text + "to drop: \(plan.rows.dropped) rows with \(plan.rows.tweets) tweets\n"
        + "to merge into quarters of an hour: \(plan.rows.merged) rows\n"
    }
  }

  /// `elmond db backup`.
  struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copies the database, while a daemon writes it or not.",
      discussion: """
        The copy is one moment of the database. Do not use cp: the newest commits lie in the log beside the file, and \
        a copy of the file alone may be empty. To go back to a copy, stop the daemon, remove DATABASE-wal and \
        DATABASE-shm, and put the copy in the place of DATABASE.
        """)

    @OptionGroup var source: DatabaseOption
    @Argument(help: "The new file.") var output: String

    func run() throws {
      guard !FileManager.default.fileExists(atPath: output) else {
        throw CommandFailure(
          "\(output) is there already", remedy: "name a new file", code: .cannotCreate)
      }
      try source.read { try $0.backUp(to: output) }
      StandardStream.error.say("elmond: wrote \(output)")
    }
  }

  /// `elmond db check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Reads the whole database, compares it with its checksums, and says what is damaged.")

    @OptionGroup var source: DatabaseOption

    func run() throws {
      let path = try source.path()
      let days = try source.read { try $0.check() }
      if let failure = DatabaseCommand.failure(days: days, path: path) { throw failure }
      StandardStream.output.write("\(path): good\n")
    }
  }

  /// The failure for days whose figures differ from their checksum; nil for none.
  static func failure(days: [Timestamp], path: String) -> CommandFailure? {
    guard let first = days.first else { return nil }
    return CommandFailure(
      "\(path): the figures of \(days.count) day(s) differ from their checksum, the first is "
        + "\(first.description.prefix(10))",
      remedy: "put a backup in its place, or take the days out with elmond forget",
      code: .badInput)
  }

  /// Refuses a path without a database: opening it for writing would make one.
  static func requireFile(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        "cannot open \(path): there is no such file",
        remedy: "name the daemon's database with --database", code: .inputMissing)
    }
  }
}
