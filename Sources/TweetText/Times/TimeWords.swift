/// The words of times: months, weekdays and zones, in English, as RFC 2822 and common programs write them.
enum TimeWords {
  /// The number of a month by its name or its first three letters, in lower case.
  static func month(_ word: String) -> Int64? {
    if word == "sept" { return 9 }
    return place(word, in: months).map { Int64($0) + 1 }
  }

  /// The number of a weekday from Monday, 0, by its name or a usual short form, in lower case.
  static func weekday(_ word: String) -> Int? {
    switch word {
    case "tues": 1
    case "weds": 2
    case "thur", "thurs": 3
    default: place(word, in: weekdays)
    }
  }

  /// Minutes east of UTC of a zone's short name in lower case; nil for an unknown and for an ambiguous name.
  ///
  /// The names of RFC 2822 mean the zones of North America. `IST` is the time of India, of Ireland and of Israel, `AST`
  /// that of Arabia and of the Atlantic: both are left out.
  static func zone(_ word: String) -> Int64? { zones[word] }

  private static func place(_ word: String, in names: [String]) -> Int? {
    guard word.utf8.count >= 3 else { return nil }
    return names.firstIndex { $0 == word || $0.prefix(3) == word }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  private static let zones: [String: Int64] = [
    "z": 0, "ut": 0, "utc": 0, "gmt": 0,
    // RFC 2822
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420,
    // The rest of the United States
    "akst": -540, "akdt": -480, "hst": -600,
    // Europe
    "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180,
    // Africa, Asia, Australia, New Zealand
    "sast": 120, "pkt": 300, "wib": 420, "hkt": 480, "sgt": 480, "awst": 480, "jst": 540,
    "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
  ]
}
