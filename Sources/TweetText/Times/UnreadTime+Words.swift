package import Tweets

/// What the log says of a time that is not understood.
extension UnreadTime {
  /// The text, fit to be printed.
  package var excerpt: String { Sanitizer.terminalSafe(text, limit: 64) }

  /// Why the time is not understood, in words.
  package var cause: String {
    switch reason {
    case .empty: return "the field of the time is empty"
    case .unknownForm: return "the time has no form that is known"
    case .otherForm: return "the time does not have the form of time_format"
    case .ambiguous:
      let readings = readings
      guard readings.count == 2 else { return "nothing decides whether day or month comes first" }
      return "the time is \(readings[0]) or \(readings[1]): "
        + "nothing at the beginning of the file decides whether day or month comes first"
    case .otherOrder: return "the first dates of the file have the other order of day and month"
    case .noColumn: return "the table has no column \(excerpt), which time_column names"
    case .tooEarly: return "the time lies before the first tweet (2006)"
    case .tooLate: return "the time lies more than a day in the future"
    case .skipped: return "the record has no time, and untimed = \"skip\" leaves it out"
    }
  }

  /// What the operator can do.
  package var remedy: String {
    switch reason {
    case .empty: return "fill the field in, or name another one with time_column or time_field"
    case .unknownForm: return "describe the form with time_format, such as \"%d/%m/%Y %H:%M\""
    case .otherForm: return "correct time_format"
    case .ambiguous:
      let formats = formats
      return "set time_format = \"\(formats.dayFirst)\" or time_format = \"\(formats.monthFirst)\""
    case .noColumn: return "name one of its columns in time_column, or remove the setting"
    case .otherOrder: return "correct the file, or set time_format"
    case .tooEarly, .tooLate:
      return "check the column of the time and its form (time_column, time_format)"
    case .skipped: return "set untimed = \"arrival\" to count such tweets at their arrival"
    }
  }

  /// The two days that an ambiguous time may mean.
  private var readings: [String] {
    [DateOrder.dayFirst, .monthFirst].compactMap { order in
      FreeTime.parts(of: Array(text.utf8)[...])?.resolved(order)?.timestamp(in: .utc).map {
        String("\($0)".prefix(10))
      }
    }
  }

  /// The formats of the two readings, with the separator and the clock of the text.
  private var formats: (dayFirst: String, monthFirst: String) {
    let separator =
      text.utf8.first { !TimeScanner.isDigit($0) }.map { Character(Unicode.Scalar($0)) } ?? "/"
    let parts = FreeTime.parts(of: Array(text.utf8)[...])
    var clock = ""
    if parts?.hour != nil {
      let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
      clock = parts?.half == nil ? " %H:%M" : " %I:%M"
      if colons > 1 { clock += ":%S" }
      if parts?.half != nil { clock += " %p" }
    }
    return ("%d\(separator)%m\(separator)%Y\(clock)", "%m\(separator)%d\(separator)%Y\(clock)")
  }
}
