import Tweets

/// The usual names of the field that holds when a tweet was written.
enum TimeNames {
  /// Names as `ColumnName` compares them; of several that a record has, the first one here counts.
  static let known = [
    "createdat", "tweetcreated", "tweetcreatedat", "tweetcreationdate", "creationdate",
    "tweettime", "tweetdate", "tweetat", "datetime", "postedat", "postedtime", "publishedat",
    "published", "created", "@timestamp", "timestamp", "timestampms", "date", "time",
  ]

  /// Names of a day beside which a column of `clocks` may stand.
  static let days: Set<String> = ["date", "tweetdate", "day"]
  /// Names of the time of day, the first that is there counts.
  static let clocks = ["time", "hour"]
  /// The name of a zone or offset that belongs to a day and a time of day.
  static let zone = "timezone"

  /// The places of the columns that make the time: one, or a day with a time of day and perhaps a zone.
  static func columns(among names: [String]) -> [Int] {
    let names = names.map { ColumnName.normal($0) }
    func place(_ name: String) -> Int? { names.firstIndex(of: name) }
    let clock = clocks.lazy.compactMap(place).first
    guard let first = known.lazy.compactMap(place).first ?? (clock == nil ? nil : place("day"))
    else { return [] }
    guard days.contains(names[first]), let clock else { return [first] }
    return [first, clock] + (place(zone).map { [$0] } ?? [])
  }
}
