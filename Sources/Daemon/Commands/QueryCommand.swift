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
    abstract: "Prints stored sentiment: hourly, minutely, daily, rolling, gaps, counters.")

  /// What can be asked for.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case hourly, minutely, daily, rolling, gaps, counters
  }

  /// How the answer is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
  }

  @Argument(help: "hourly, minutely, daily, rolling, gaps or counters.") var subject: Subject
  @OptionGroup var source: DatabaseOption
  @Option(help: "From this time on: RFC 3339, YYYY-MM-DD, or an age such as 24h, 7d.")
  var since: String?
  @Option(help: "Before this time.") var until: String?
  @Option(help: "One topic only; all counts every tweet once.") var topic: String?
  @Option(help: "Hours and days of this time zone, such as Europe/Berlin; UTC without it.")
  var timeZone: String?
  @Option(help: "table, csv or json.") var format: Format = .table

  func validate() throws {
    let isBuckets = ![.rolling, .gaps, .counters].contains(subject)
    if subject == .rolling, since != nil || until != nil {
      throw ValidationError("rolling windows end now: --since and --until do not apply")
    }
    if [.gaps, .counters].contains(subject), topic != nil {
      throw ValidationError("\(subject) have no --topic")
    }
    if subject == .counters, since != nil || until != nil {
      throw ValidationError(
        "counters count since the database was made: --since and --until do not apply")
    }
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
    if let since, let until, until <= since {
      throw CommandFailure("--until lies before --since", code: .usage)
    }
    // The bucket in which the time lies belongs to the answer.
    if let time = since { since = PointInTime.floor(time, to: bucketSeconds, zone: offsets) }
    var sums: [CounterSum] = []
    let table = try source.read { reader in
      switch subject {
      case .counters:
        sums = try reader.sums()
        return try reader.counters()
      case .rolling: return try reader.rolling(topic: topic)
      case .gaps: return try reader.gaps(since: since, until: until)
      case .hourly, .minutely, .daily:
        return try reader.buckets(
          Granularity(rawValue: subject.rawValue) ?? .hourly, since: since, until: until,
          topic: topic, zone: zone)
      }
    }
    if table.rows.isEmpty, format == .table {
      StandardStream.error.say("elmond: no row answers the question")
    }
    switch format {
    case .table:
      StandardStream.output.write(table.text)
      for sum in sums { StandardStream.output.write(sum.text(Figures.count) + "\n") }
    case .csv: StandardStream.output.write(table.csv)
    case .json: StandardStream.output.write(table.json)
    }
  }

  private var bucketSeconds: Int64 {
    switch subject {
    case .daily: 86_400
    case .hourly: 3600
    case .minutely: 60
    case .rolling, .gaps, .counters: 1
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
