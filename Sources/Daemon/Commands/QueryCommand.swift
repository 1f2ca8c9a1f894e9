import Aggregates
import ArgumentParser
import Foundation
import Report
import Store
import Tweets

/// `elmond query`: the stored figures as a table, CSV or JSON.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Prints stored sentiment: hourly, minutely, daily, rolling, gaps.")

  /// What can be asked for.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case hourly, minutely, daily, rolling, gaps
  }

  /// How the answer is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
  }

  @Argument(help: "hourly, minutely, daily, rolling or gaps.") var subject: Subject
  @OptionGroup var source: DatabaseOption
  @Option(help: "From this time on: RFC 3339, YYYY-MM-DD, or an age such as 24h, 7d.")
  var since: String?
  @Option(help: "Before this time.") var until: String?
  @Option(help: "One topic only; all counts every tweet once.") var topic: String?
  @Option(help: "Hours and days of this time zone, such as Europe/Berlin; UTC without it.")
  var timeZone: String?
  @Option(help: "table, csv or json.") var format: Format = .table

  func run() throws {
    let now = WallClock.now
    let since = try since.map { try PointInTime.parse($0, flag: "--since", now: now) }
    let until = try until.map { try PointInTime.parse($0, flag: "--until", now: now) }
    let zone = try timeZone.map(zone(named:))
    let table = try source.read { reader in
      switch subject {
      case .rolling: return try reader.rolling(topic: topic)
      case .gaps: return try reader.gaps(since: since, until: until)
      case .hourly, .minutely, .daily:
        return try reader.buckets(
          Granularity(rawValue: subject.rawValue) ?? .hourly, since: since, until: until,
          topic: topic, zone: zone)
      }
    }
    switch format {
    case .table: StandardStream.output.write(table.text)
    case .csv: StandardStream.output.write(table.csv)
    case .json: StandardStream.output.write(table.json)
    }
  }

  private func zone(named name: String) throws -> LocalZone {
    guard let zone = LocalZone(identifier: name) else {
      throw CommandFailure(
        "--time-zone \(name) is not known",
        remedy: "give a name such as Europe/Berlin or Asia/Kathmandu",
        code: .usage)
    }
    return zone
  }
}

/// The database of `query` and `report`.
struct DatabaseOption: ParsableArguments {
  @Option(help: "The database; by default the one of the settings, or /var/lib/elmond/elmond.db.")
  var database: String?
  @Option(help: "The settings file that names the database.") var config: String?

  /// The path: the flag, the settings, the default.
  func path() throws -> String {
    if let database { return database }
    if let config { return try SettingsLoader.load(config, isCheckingFiles: false).store.database }
    let installed = "/etc/elmond/elmond.toml"
    if FileManager.default.isReadableFile(atPath: installed),
      let settings = try? SettingsLoader.load(installed, isCheckingFiles: false)
    {
      return settings.store.database
    }
    return Settings().store.database
  }

  /// Opens the database for reading; its errors become failures of the command.
  func read<T>(_ body: (QueryReader) throws -> T) throws -> T {
    do {
      return try body(try QueryReader(path: try path()))
    } catch let error as StoreError {
      throw CommandFailure(
        "cannot \(error.operation) \(error.subject): \(error.cause)", remedy: error.remedy,
        code: ExitCode(rawValue: error.exitCode) ?? .inputOutput)
    }
  }
}

/// The times of flags: RFC 3339, a date, or an age.
enum PointInTime {
  static func parse(_ text: String, flag: String, now: Timestamp) throws -> Timestamp {
    if let time = Timestamp(rfc3339: text) { return time }
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
      count >= 0, count < 1_000_000
    {
      return Timestamp(milliseconds: now.milliseconds - count * unit * 1000)
    }
    throw CommandFailure(
      "\(flag) \(text) is no time",
      remedy: "give 2026-11-22T15:00:00Z, 2026-11-22, or an age such as 24h or 7d",
      code: .usage)
  }
}
