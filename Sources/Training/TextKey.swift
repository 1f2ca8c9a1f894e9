/// Which texts count as the same when rows are compared.
package enum TextKey: String, Sendable, Equatable, CaseIterable {
  /// Equal letters a to z, upper and lower case alike, links and mentions left out.
  case letters
  /// Equal by the group key of ELMO.md 10.1: its first 60 letters and blanks.
  case group

  /// The key of a text; a text of which nothing is left is its own key, in lower case.
  package func key(_ text: String) -> String {
    remainder(of: text) ?? "=" + text.lowercased()
  }

  /// What is left of a text to compare by; nil where nothing is.
  package func remainder(of text: String) -> String? {
    let key =
      switch self {
      case .letters: TextKey.letters(of: text)
      case .group: TextGroup.key(text)
      }
    return key.isEmpty ? nil : key
  }

  private static func letters(of text: String) -> String {
    let scalars = Array(text.lowercased().unicodeScalars)
    var letters = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      if let end = link(in: scalars, at: index) ?? mention(in: scalars, at: index) {
        index = end
        continue
      }
      if ("a"..."z").contains(scalars[index]) { letters.append(scalars[index]) }
      index += 1
    }
    return String(letters)
  }

  // The end of a link with at least one character after its slashes.
  private static func link(in scalars: [Unicode.Scalar], at start: Int) -> Int? {
    guard scalars[start] == "h" else { return nil }
    for opening in ["http://", "https://"] {
      let opening = Array(opening.unicodeScalars)
      let first = start + opening.count
      guard first < scalars.count, scalars[start..<first].elementsEqual(opening),
        !scalars[first].properties.isWhitespace
      else { continue }
      return scalars[first...].firstIndex { $0.properties.isWhitespace } ?? scalars.count
    }
    return nil
  }

  // The end of a mention with at least one character after its sign.
  private static func mention(in scalars: [Unicode.Scalar], at start: Int) -> Int? {
    guard scalars[start] == "@" else { return nil }
    let end = scalars[(start + 1)...].firstIndex { !isWord($0) } ?? scalars.count
    return end > start + 1 ? end : nil
  }

  // What a regular expression calls a word's character: letters and numbers, but no combining marks.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: scalar == "_" || scalar.properties.numericType != nil
    }
  }
}
