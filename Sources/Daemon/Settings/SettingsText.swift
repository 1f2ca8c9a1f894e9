private import TweetText

/// Reads and writes the small texts inside settings: durations, sizes, rates, names.
package enum SettingsText {
  /// `200ms`, `10s`, `5m`, `24h`, `14d`; nil for anything else.
  package static func duration(_ text: String) -> Duration? {
    guard let (number, unit) = numberAndUnit(text) else { return nil }
    let milliseconds: Int64
    switch unit {
    case "ms": milliseconds = 1
    case "s": milliseconds = 1000
    case "m": milliseconds = 60_000
    case "h": milliseconds = 3_600_000
    case "d": milliseconds = 86_400_000
    default: return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: milliseconds)
    return overflow ? nil : .milliseconds(product)
  }

  /// A duration of whole milliseconds in its largest whole unit: `200ms`, `25h`, `14d`.
  package static func words(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    guard milliseconds != 0 else { return "0s" }
    for (size, unit) in [(86_400_000 as Int64, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")]
    where milliseconds % size == 0 {
      return "\(milliseconds / size)\(unit)"
    }
    return "\(milliseconds)ms"
  }

  /// `512B`, `64KiB`, `1MiB`, `1GiB` in bytes; nil for anything else.
  package static func size(_ text: String) -> Int? {
    guard let (number, unit) = numberAndUnit(text) else { return nil }
    let shift: Int64
    switch unit {
    case "B": shift = 0
    case "KiB": shift = 10
    case "MiB": shift = 20
    case "GiB": shift = 30
    default: return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    return overflow ? nil : Int(exactly: product)
  }

  /// A size in its largest whole unit.
  package static func words(bytes: Int) -> String {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
    where bytes != 0 && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift)\(unit)"
    }
    return "\(bytes)B"
  }

  /// `1/100` as 0.01; nil for anything else.
  package static func fraction(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let part = Int(parts[0]), let whole = Int(parts[1]), part > 0,
      whole >= part
    else { return nil }
    return Double(part) / Double(whole)
  }

  /// True for `[a-z0-9_-]{1,64}`.
  package static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
  }

  /// The beginning of a text, fit for a message of one line.
  package static func excerpt(_ text: String, limit: Int = 80) -> String {
    Sanitizer.terminalSafe(text, limit: limit)
  }

  /// The file's own folder and a path relative to it as one path; an absolute path stays.
  package static func absolute(_ path: String, in folder: String) -> String {
    let whole = path.hasPrefix("/") ? path : folder + "/" + path
    let parts = whole.split(separator: "/").filter { $0 != "." }
    return "/" + parts.joined(separator: "/")
  }

  private static func numberAndUnit(_ text: String) -> (Int64, Substring)? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let number = Int64(digits) else { return nil }
    return (number, text[digits.endIndex...])
  }
}
