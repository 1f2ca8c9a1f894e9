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

  func validate() throws {
    let isBuckets = ![.rolling, .gaps].contains(subject)
    if subject == .rolling, since != nil || until != nil {
      throw ValidationError("rolling windows end now: --since and --until do not apply")
    }
    if subject == .gaps, topic != nil { throw ValidationError("gaps have no --topic") }
    if !isBuckets, timeZone != nil {
      throw ValidationError("--time-zone goes with hourly, minutely and daily")
    }
  }

  func run() throws {
    let now = WallClock.now
    let zone = try timeZone.map(zone(named:))
    let offsets = timeZone.flatMap { TimeZone(identifier: $0) }
    var since = try since.map {
      try PointInTime.parse($0, flag: "--since", now: now, zone: offsets)
    }
    let until = try until.map {
      try PointInTime.parse($0, flag: "--until", now: now, zone: offsets)
    }
    // The bucket in which the time lies belongs to the answer.
    if let time = since { since = PointInTime.floor(time, to: bucketSeconds, zone: offsets) }
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

  private var bucketSeconds: Int64 {
    switch subject {
    case .daily: 86_400
    case .hourly: 3600
    case .minutely: 60
    case .rolling, .gaps: 1
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
    if FileManager.default.isReadableFile(atPath: installed) {
      return try SettingsLoader.load(installed, isCheckingFiles: false).store.database
    }
    return Settings().store.database
  }

  /// Opens the database for reading; its errors become failures of the command.
  func read<T>(_ body: (QueryReader) throws -> T) throws -> T {
    let path = try path()
    var isFolder: ObjCBool = false
    if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      guard !isFolder.boolValue else {
        throw CommandFailure(
          "cannot read \(path): it is a folder", remedy: "name the database file in it",
          code: .inputMissing)
      }
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw CommandFailure(
          "cannot read \(path): permission denied",
          remedy: "join the group of the file, elmond on an installed system", code: .permission)
      }
    }
    do {
      return try body(try QueryReader(path: path))
    } catch let error as StoreError {
      throw CommandFailure(
        "cannot \(error.operation) \(error.subject): \(error.cause)", remedy: error.remedy,
        code: ExitCode(rawValue: error.exitCode) ?? .inputOutput)
    }
  }
}

/// The times of flags: RFC 3339, a date, or an age.
enum PointInTime {
  /// The beginning of the bucket in which a time lies, in a zone's own hours and days.
  static func floor(_ time: Timestamp, to seconds: Int64, zone: TimeZone?) -> Timestamp {
    let offset = zone.map { self.offset(of: $0, at: time.seconds) } ?? 0
    let start = Timestamp.floorDivide(time.seconds + offset, seconds) * seconds
    return Timestamp(seconds: start - offset)
  }

  private static func offset(of zone: TimeZone, at seconds: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
  }

  /// A date without a time begins at midnight of the zone.
  static func parse(
    _ text: String, flag: String, now: Timestamp, zone: TimeZone?
  ) throws -> Timestamp {
    if let time = Timestamp(rfc3339: text) {
      guard let zone, text.utf8.count == 10 else { return time }
      // The offset at midnight itself: looked up twice, since it may differ from that of UTC's midnight.
      let guess = time.seconds - offset(of: zone, at: time.seconds)
      return Timestamp(seconds: time.seconds - offset(of: zone, at: guess))
    }
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
