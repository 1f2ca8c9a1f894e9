import TweetText

extension SectionReader {
  /// What a `[[source]]` table says about times.
  func times(_ table: SettingsTable) -> TimeReader {
    var times = TimeReader()
    if let text = table.text("time_format", expected: "a format such as \"%d/%m/%Y %H:%M\"") {
      do throws(TimeFormatError) { times.format = try TimeFormat(text) } catch {
        table.refuse("time_format", "\"\(shown(text))\": \(error)")
      }
    }
    if let name = table.text("time_zone", expected: "a zone such as \"America/New_York\"") {
      if let zone = ZoneRules(identifier: name) {
        times.zone = zone
      } else {
        table.refuse(
          "time_zone",
          "expected a zone of the tz database such as \"America/New_York\" or \"UTC\", found \"\(shown(name))\""
        )
      }
    }
    if let untimed = table.choice("untimed", of: TimeReader.Untimed.self) {
      times.untimed = untimed
    }
    return times
  }

  /// The columns of the time: one name, or a list of two or three whose texts are joined by blanks.
  func timeColumns(_ table: SettingsTable) -> [String] {
    let expected = "the name of a column in quotes, or a list such as [\"day\", \"hour\"]"
    guard case .array(let items) = table.node("time_column") else {
      return table.column("time_column").map { [$0] } ?? []
    }
    guard (1...3).contains(items.count) else {
      table.refuse("time_column", "expected \(expected), found a list of \(items.count)")
      return []
    }
    return table.texts("time_column", expected: expected) { !$0.isEmpty } ?? []
  }
}
