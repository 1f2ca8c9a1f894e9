/// Which texts count as the same when rows are split or compared: ELMO.md 10.1.
package enum TextGroup {
  /// The longest key, in characters.
  package static let limit = 60

  /// The text in lower case without links and every "rt @name:", letters and single blanks only,
  /// its first 60 characters.
  package static func key(_ text: String) -> String {
    let scalars = Array(text.lowercased().unicodeScalars)
    var key = String.UnicodeScalarView()
    var length = 0
    var blankPending = false
    var index = 0
    while index < scalars.count, length < limit {
      if let end = link(in: scalars, at: index) ?? retweet(in: scalars, at: index) {
        index = end
        blankPending = blankPending || length > 0
        continue
      }
      let scalar = scalars[index]
      index += 1
      if scalar.properties.isWhitespace {
        blankPending = length > 0
      } else if scalar.properties.isAlphabetic {
        if blankPending {
          guard length + 1 < limit else { break }
          key.append(" ")
          length += 1
          blankPending = false
        }
        key.append(scalar)
        length += 1
      }
    }
    return String(key)
  }

  // The end of a link that starts here, at a white space or the end.
  private static func link(in scalars: [Unicode.Scalar], at start: Int) -> Int? {
    guard
      ["http://", "https://", "www."].contains(where: { matches($0, in: scalars, at: start) })
    else { return nil }
    var end = start
    while end < scalars.count, !scalars[end].properties.isWhitespace { end += 1 }
    return end
  }

  // The end of an "rt @name:" that starts here, at the start of a word.
  private static func retweet(in scalars: [Unicode.Scalar], at start: Int) -> Int? {
    guard start == 0 || !isNameScalar(scalars[start - 1]), matches("rt @", in: scalars, at: start)
    else { return nil }
    var end = start + 4
    while end < scalars.count, isNameScalar(scalars[end]) { end += 1 }
    guard end > start + 4, end < scalars.count, scalars[end] == ":" else { return nil }
    return end + 1
  }

  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private static func matches(_ word: String, in scalars: [Unicode.Scalar], at start: Int) -> Bool {
    var index = start
    for scalar in word.unicodeScalars {
      guard index < scalars.count, scalars[index] == scalar else { return false }
      index += 1
    }
    return true
  }
}
