/// Checks dates and times: `2026-11-28`, `14:02:00.5`, `2026-11-28T14:02:00`, and the last one with
/// `Z` or `+01:00`.
enum TOMLMoment {
  /// True for a word that begins like a date or a time.
  static func isLike(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    let digits = bytes.prefix(while: TOMLParser.isDigit).count
    guard bytes.count > digits else { return false }
    return digits == 4 && bytes[4] == UInt8(ascii: "-") && bytes.count >= 8
      || digits == 2 && bytes[2] == UInt8(ascii: ":")
  }

  /// True when form and ranges are right.
  static func isValid(_ word: String) -> Bool {
    var rest = Array(word.utf8)[...]
    let hasDate = rest.count > 2 && rest[2] != UInt8(ascii: ":")
    if hasDate {
      guard takeDate(&rest) else { return false }
      if rest.isEmpty { return true }
      guard let mark = rest.popFirst(), "Tt ".utf8.contains(mark) else { return false }
    }
    guard takeTime(&rest) else { return false }
    return rest.isEmpty || hasDate && isOffset(rest)
  }

  private static func takeDate(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let year = takeNumber(&rest, digits: 4), take("-", &rest),
      let month = takeNumber(&rest, digits: 2), take("-", &rest),
      let day = takeNumber(&rest, digits: 2), (1...12).contains(month)
    else { return false }
    let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  private static func takeTime(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let hour = takeNumber(&rest, digits: 2), hour <= 23, take(":", &rest),
      let minute = takeNumber(&rest, digits: 2), minute <= 59, take(":", &rest),
      let second = takeNumber(&rest, digits: 2), second <= 60
    else { return false }
    guard take(".", &rest) else { return true }
    let fraction = rest.prefix(while: TOMLParser.isDigit)
    rest = rest[fraction.endIndex...]
    return !fraction.isEmpty
  }

  private static func isOffset(_ bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.elementsEqual("Z".utf8) || bytes.elementsEqual("z".utf8) { return true }
    var rest = bytes
    guard take("+", &rest) || take("-", &rest), let hour = takeNumber(&rest, digits: 2),
      hour <= 23, take(":", &rest), let minute = takeNumber(&rest, digits: 2), minute <= 59
    else { return false }
    return rest.isEmpty
  }

  private static func take(_ mark: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let first = rest.first, UInt32(first) == mark.value else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func takeNumber(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int? {
    let taken = rest.prefix(digits)
    guard taken.count == digits, taken.allSatisfy(TOMLParser.isDigit) else { return nil }
    rest = rest.dropFirst(digits)
    return taken.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }
}
