/// One token as the network sees it.
package enum ELMoToken: Hashable, Sendable {
  /// The token's bytes, UTF-8, as they are; those beyond the model's limit do not count.
  case word([UInt8])
  /// The sentence begin, `<S>`.
  case begin
  /// The sentence end, `</S>`.
  case end

  /// A token from text, ordinary bytes even if it reads `<S>`.
  package init(_ text: some StringProtocol) { self = .word(Array(text.utf8)) }

  /// A token of a token row or a vocabulary, where `<S>` and `</S>` mean the boundaries.
  package init(vocabulary bytes: [UInt8]) {
    if bytes.elementsEqual("<S>".utf8) {
      self = .begin
    } else if bytes.elementsEqual("</S>".utf8) {
      self = .end
    } else {
      self = .word(bytes)
    }
  }

  /// The token's row of `charactersPerToken` ids before the shift by one (ELMO.md 1.1, 1.2).
  package func characterIDs(charactersPerToken: Int = 50) -> [Int] {
    precondition(charactersPerToken >= 3, "\(charactersPerToken) characters hold no token")
    var row = [CharacterID.beginOfWord]
    switch self {
    case .word(let bytes): row += bytes.prefix(charactersPerToken - 2).map(Int.init)
    case .begin: row.append(CharacterID.beginOfSentence)
    case .end: row.append(CharacterID.endOfSentence)
    }
    row.append(CharacterID.endOfWord)
    row += repeatElement(CharacterID.padding, count: charactersPerToken - row.count)
    return row
  }

  /// How many ids of that row come before the padding: the token's bytes with begin and end of word.
  package func characterCount(charactersPerToken: Int = 50) -> Int {
    switch self {
    case .word(let bytes): min(bytes.count, charactersPerToken - 2) + 2
    case .begin, .end: 3
    }
  }

  /// Splits a raw text on the byte 0x20 only; empty pieces are skipped.
  package static func splitOnSpaces(_ text: some Sequence<UInt8>) -> [ELMoToken] {
    split(text).map(ELMoToken.word)
  }

  /// Splits a raw text on the byte 0x20 only; empty pieces are skipped.
  package static func splitOnSpaces(_ text: String) -> [ELMoToken] { splitOnSpaces(text.utf8) }

  /// Splits a text on any Unicode white space, as the original command-line tools do.
  package static func splitOnWhitespace(_ text: String) -> [ELMoToken] {
    text.unicodeScalars.split { $0.properties.isWhitespace }.map { ELMoToken(String($0)) }
  }

  /// Splits a line of the tokens input on the byte 0x20; here `<S>` and `</S>` are the boundaries.
  package static func tokenLine(_ text: some Sequence<UInt8>) -> [ELMoToken] {
    split(text).map(ELMoToken.init(vocabulary:))
  }

  /// The tokens input: padded rows and a length for each; what lies past the length is ignored.
  package static func rows(_ rows: [[String]], lengths: [Int]) -> [[ELMoToken]] {
    precondition(rows.count == lengths.count, "\(rows.count) rows with \(lengths.count) lengths")
    return zip(rows, lengths).map { row, length in
      precondition(
        (0...row.count).contains(length), "length \(length) of a row of \(row.count) tokens")
      return row[..<length].map { ELMoToken(vocabulary: Array($0.utf8)) }
    }
  }

  private static func split(_ text: some Sequence<UInt8>) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var piece: [UInt8] = []
    for byte in text {
      if byte != 0x20 {
        piece.append(byte)
      } else if !piece.isEmpty {
        pieces.append(piece)
        piece.removeAll()
      }
    }
    if !piece.isEmpty { pieces.append(piece) }
    return pieces
  }
}

/// The ids beyond the 256 bytes; also their rows in the weight file's `char_embed`.
enum CharacterID {
  static let beginOfSentence = 256
  static let endOfSentence = 257
  static let beginOfWord = 258
  static let endOfWord = 259
  static let padding = 260
}
