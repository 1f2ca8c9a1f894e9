/// A step of a text: a word, a tag or name, or both for a tag of one word.
struct Term: Equatable {
  /// The folded word, or a pictograph without skin tones; nil for a name (`@gop` is not the word `gop`).
  var word: String?
  /// The tag or name with its sign, folded: `#gop`, `$aapl`, `@gop`; a pictograph with its skin tones.
  var tag: String?
  /// The place of its first character.
  var start: Int
}

/// Cuts text into the terms that topics are matched by, in one pass.
///
/// A word is a run of letters, marks, digits and underscores; a letter of a script without word
/// spaces (Han, kana) and a pictograph are words of their own. Links are skipped: the random letters
/// of a short link are no words.
struct TermScanner {
  /// A word with signs that was found.
  struct Found {
    /// Which of the words that were looked for.
    var number: Int
    /// The place of its first character.
    var start: Int
    /// The place behind its last one.
    var end: Int
  }

  private let scalars: [Unicode.Scalar]
  private let signed: SignedWords
  /// The words with signs that begin before the term that was returned last, or with it.
  private(set) var found: [Found] = []
  private var position = 0
  private var tagEnd = 0
  private var pendingTag: String?

  /// A scanner that looks for words with signs too.
  init(_ text: String, signed: SignedWords = SignedWords()) {
    scalars = Array(text.unicodeScalars)
    self.signed = signed
  }

  /// The words with signs since the last call.
  mutating func takeFound() -> [Found] {
    guard !found.isEmpty else { return [] }
    defer { found.removeAll(keepingCapacity: true) }
    return found
  }

  /// Passes the words of the tag that was returned last.
  mutating func skipTagWords() { position = max(position, tagEnd) }

  /// The next term, nil at the end.
  mutating func next() -> Term? {
    while position < scalars.count {
      let scalar = scalars[position]
      let start = position
      if TermScanner.isWord(scalar), linkEnd(from: position) > position {
        position = linkEnd(from: position)
        pendingTag = nil
        continue
      }
      signed.find(in: scalars, at: position, into: &found)
      if let pictograph = TermScanner.pictograph(in: scalars, at: position) {
        position = pictograph.end
        return Term(word: pictograph.plain, tag: pictograph.toned, start: start)
      }
      if TermScanner.isWord(scalar) {
        return Term(word: takeWord(), tag: takeTag(), start: start)
      }
      if let sign = TermScanner.sign(scalar), !isAfterWord(position),
        let end = tagEnd(after: position)
      {
        let tag = sign + TermScanner.folded(scalars[(position + 1)..<end])
        tagEnd = end
        position += 1
        if sign == "@" {
          position = end
          return Term(word: nil, tag: tag, start: start)
        }
        pendingTag = tag
        continue
      }
      position += 1
    }
    return nil
  }

  private mutating func takeWord() -> String {
    let start = position
    if TermScanner.standsAlone(scalars[start]) {
      position += 1
      while position < scalars.count, TermScanner.isMark(scalars[position]) { position += 1 }
    } else {
      while position < scalars.count, TermScanner.isWord(scalars[position]),
        !TermScanner.standsAlone(scalars[position])
      { position += 1 }
    }
    return TermScanner.folded(scalars[start..<position])
  }

  private mutating func takeTag() -> String? {
    // The tag goes with the first of its words; in a pattern it stands for all of them.
    defer { pendingTag = nil }
    return pendingTag
  }

  private func isAfterWord(_ index: Int) -> Bool {
    index > 0 && TermScanner.isWord(scalars[index - 1])
      && !TermScanner.standsAlone(scalars[index - 1])
  }

  /// The end of the run of word characters behind a sign; nil when there is none.
  private func tagEnd(after index: Int) -> Int? {
    var end = index + 1
    while end < scalars.count, TermScanner.isWord(scalars[end]) { end += 1 }
    return end > index + 1 ? end : nil
  }

  /// The end of the link that begins at `start`, or `start` when none does.
  private func linkEnd(from start: Int) -> Int {
    guard scalars[start] == "h" || scalars[start] == "H" else { return start }
    for prefix in TermScanner.linkPrefixes where start + prefix.count <= scalars.count {
      guard zip(prefix, scalars[start...]).allSatisfy({ $0 == TermScanner.asciiLower($1) }) else {
        continue
      }
      var end = start + prefix.count
      while end < scalars.count, !scalars[end].properties.isWhitespace { end += 1 }
      return end
    }
    return start
  }

  private static let linkPrefixes = ["http://", "https://"].map { Array($0.unicodeScalars) }

  private static func sign(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "#", "\u{FF03}": "#"
    case "@", "\u{FF20}": "@"
    case "$": "$"
    default: nil
    }
  }

  static func asciiLower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    (0x41...0x5A).contains(scalar.value)
      ? Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value + 0x20)) : scalar
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value > 0x7F else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }

  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: return true
    case 0...0x7F: return false
    case 0xFE00...0xFE0F: return false  // Variation selectors dress up pictographs.
    default:
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
        return true
      default: return false
      }
    }
  }

  private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3041...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
    default: false
    }
  }

  static func folded(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    for scalar in scalars {
      if scalar.value < 0x80 {
        text.append(asciiLower(scalar))
      } else {
        text.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(text)
  }
}
