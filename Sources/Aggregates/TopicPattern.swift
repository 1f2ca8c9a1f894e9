/// One pattern of a topic as the terms that a text must have side by side.
struct TopicPattern: Equatable {
  /// How many words a phrase may have; it bounds the work per word of a text.
  static let longestPhrase = 16

  /// What a text must have at one place.
  enum Term: Equatable {
    /// A folded word, a pictograph, or a tag or name with its sign (`#gop`).
    case word(String)
    /// A word of which signs are a part.
    case signed(SignedWord)

    /// The term as it is matched.
    var text: String {
      switch self {
      case .word(let word): word
      case .signed(let word): word.text
      }
    }
  }

  /// Why a pattern is refused.
  enum Fault: Error, Equatable {
    /// It has no letter, digit or pictograph.
    case noWord
    /// It has more than `longestPhrase` words.
    case tooLong
    /// A `#tag` with signs in it: platforms end a tag before the first sign, here the one given.
    case tag(sign: Unicode.Scalar)
  }

  /// The terms in order.
  let terms: [Term]

  /// The terms of a pattern.
  ///
  /// Double quotes around the pattern mean the same as none: a pattern with several words is a phrase. Punctuation around
  /// a word, hyphens and apostrophes only separate words; any other sign between or beside letters is a part of the word.
  init(_ pattern: String) throws(Fault) {
    var terms: [Term] = []
    for piece in pattern.unicodeScalars.split(whereSeparator: \.properties.isWhitespace) {
      try TopicPattern.append(TopicPattern.trimmed(Array(piece)[...]), to: &terms)
      guard terms.count <= TopicPattern.longestPhrase else { throw .tooLong }
    }
    guard !terms.isEmpty else { throw .noWord }
    self.terms = terms
  }

  /// Appends the terms of what stands between two blanks.
  private static func append(
    _ piece: ArraySlice<Unicode.Scalar>, to terms: inout [Term]
  ) throws(Fault) {
    if let sign = sign(in: piece) {
      guard piece.contains(where: TermScanner.isWord) else { throw .noWord }
      if piece.first == "#" || piece.first == "\u{FF03}" { throw .tag(sign: sign) }
      terms.append(.signed(SignedWord(piece)))
      return
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: piece)
    var scanner = TermScanner(String(text))
    while let term = scanner.next() {
      if let tag = term.tag {
        // A tag's own words follow it in the scan; the tag says more.
        terms.append(.word(tag))
        scanner.skipTagWords()
      } else if let word = term.word {
        terms.append(.word(word))
      }
    }
  }

  /// The piece without quotes, brackets and punctuation around it.
  private static func trimmed(
    _ piece: ArraySlice<Unicode.Scalar>
  ) -> ArraySlice<Unicode.Scalar> {
    var piece = piece
    while let first = piece.first, opening.contains(first) { piece.removeFirst() }
    while let last = piece.last, closing.contains(last) { piece.removeLast() }
    return piece
  }

  /// The first sign that is a part of the piece; nil where there is none, and in a keycap.
  private static func sign(in piece: ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
    let all = Array(piece)
    return all.indices.first { index in
      let scalar = all[index]
      guard isSign(scalar) else { return false }
      if TermScanner.pictograph(in: all, at: index) != nil { return false }
      // The sign of a tag or name.
      return index > 0 || !["#", "@", "$"].contains(scalar)
    }.map { all[$0] }
  }

  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "'", "-", "_", "`", "\"", "(", ")": false
    case "!"..."/", ":"..."@", "["..."^", "{"..."~": true
    default:
      switch scalar.properties.generalCategory {
      case .currencySymbol, .mathSymbol: true
      default: false
      }
    }
  }

  private static let opening: Set<Unicode.Scalar> = ["\"", "'", "(", "[", "{", "“", "‘", "«", "„"]
  private static let closing: Set<Unicode.Scalar> = [
    "\"", "'", ")", "]", "}", "”", "’", "»", ",", ";", ":", "!", "?", "…", ".",
  ]
}
