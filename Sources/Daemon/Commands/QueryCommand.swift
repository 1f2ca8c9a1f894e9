import Aggregates
import ArgumentParser
import Foundation
import Language
import Report
import Store
import Tweets

/// `elmond query`: the stored figures as a table, CSV or JSON.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Prints stored sentiment: hourly, minutely, daily, rolling, gaps, counters, files.")

  /// What can be asked for.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case hourly, minutely, daily, rolling, gaps, counters, files
  }

  /// How the answer is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
  }

  @Argument(help: "hourly, minutely, daily, rolling, gaps, counters or files.") var subject: Subject
  @OptionGroup var database: DatabaseOption
  @Option(help: "From this time on: RFC 3339, YYYY-MM-DD, or an age such as 24h, 7d.")
  var since: String?
  @Option(help: "Before this time.") var until: String?
  @Option(help: "One topic only; all counts every tweet once.") var topic: String?
  @Option(help: "One source only.") var source: String?
  @Option(help: "One language only, such as en; und is an unknown one.") var lang: String?
  @Option(help: "Hours and days of this time zone, such as Europe/Berlin; UTC without it.")
  var timeZone: String?
  @Option(help: "table, csv or json.") var format: Format = .table

  func validate() throws {
    let isBuckets = ![.rolling, .gaps, .counters, .files].contains(subject)
    if subject == .rolling, since != nil || until != nil {
      throw ValidationError("rolling windows end now: --since and --until do not apply")
    }
    if [.gaps, .counters].contains(subject), topic != nil || lang != nil {
      throw ValidationError("\(subject) have no --topic and no --lang")
    }
    if subject == .counters, since != nil || until != nil || source != nil {
      throw ValidationError(
        "counters stand for each source since the database was made: --since, --until and --source do not apply"
      )
    }
    if subject == .files, since != nil || until != nil || topic != nil {
      throw ValidationError("files have no --since, --until and --topic")
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
    let lang = lang.map(language)
    var sums: [CounterSum] = []
    let table = try database.read { reader in
      switch subject {
      case .counters:
        sums = try reader.sums()
        return try reader.counters()
      case .rolling: return try reader.rolling(topic: topic, source: source, lang: lang)
      case .files: return try reader.files(source: source)
      case .gaps: return try reader.gaps(since: since, until: until, source: source)
      case .hourly, .minutely, .daily:
        return try reader.buckets(
          Granularity(rawValue: subject.rawValue) ?? .hourly, since: since, until: until,
          topic: topic, source: source, lang: lang, zone: zone)
      }
    }
    if table.rows.isEmpty { try sayEmpty() }
    switch format {
    case .table:
      StandardStream.output.write(table.text)
      for sum in sums { StandardStream.output.write(sum.text(Figures.count) + "\n") }
    case .csv: StandardStream.output.write(table.csv)
    case .json: StandardStream.output.write(table.json)
    }
  }

  /// A language in the form in which tweets are counted; other words stand as they are.
  private func language(_ word: String) -> String { LanguageTag.language(of: word) ?? word }

  /// Says why there is no row where a name is the reason, and which names there are.
  private func sayEmpty() throws {
    for (flag, name, ofSources) in [
      ("--source", source, true), ("--lang", lang.map(language), false),
    ] {
      guard let name else { continue }
      let known = try database.read { try $0.names(ofSources: ofSources) }
      if !known.contains(name) {
        StandardStream.error.say(
          "elmond: \(flag) \(PlainText.safe(name)): nothing is counted under it; known: "
            + known.prefix(40).map(PlainText.safe).joined(separator: ", "))
        return
      }
    }
    if format == .table { StandardStream.error.say("elmond: no rows match") }
  }

  private var bucketSeconds: Int64 {
    switch subject {
    case .daily: 86_400
    case .hourly: 3600
    case .minutely: 60
    case .rolling, .gaps, .counters, .files: 1
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
