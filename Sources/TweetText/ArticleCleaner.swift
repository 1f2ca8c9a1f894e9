/// The cleaning of the article, as ELMO.md 9.1 orders it, in one pass over the UTF-8.
///
/// The order: entities, lower case, links → `link`, contractions expanded, digits out, punctuation out, white
/// space collapsed. What remains are letters, marks and underscores; every rule before the last two needs a
/// character that those two remove, and so the second pass finds nothing to do. Where the rules leave room:
/// - A link is set off by a blank from a word before it (`see:http://…` gives `see link`).
/// - A contraction ends its word: `it's` is expanded, `'stop'` and `don'ts` are not. `’`, `‘`, `＇`, the
///   grave and the acute accent count as apostrophes. `won't` gives `wo not`, as the rule `n't` → `not` says.
/// - Punctuation is removed, not replaced: `well-known` gives `wellknown`. So are numbers of every kind.
/// - Variation selectors and the enclosing keycap are parts of emoji and go with them; all other marks stay.
package struct ArticleCleaner: Sendable {
  private var output: [UInt8] = []
  /// A blank is due before the next character.
  private var isSeparated = false
  /// Where the last word of the output begins.
  private var wordStart = 0
  /// How many characters were looked at as the current one, for the test of linear time.
  package private(set) var steps = 0

  private let rewriter: TextRewriter?

  /// A cleaner.
  package init() { rewriter = nil }

  /// A cleaner of texts that are rewritten first.
  init(rewriter: TextRewriter) { self.rewriter = rewriter }

  /// The clean text.
  package mutating func clean(_ text: String) -> String {
    var source = Array(text.utf8)
    HTMLEntities.decode(&source)
    rewriter?.rewrite(&source)
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity(source.count)
    isSeparated = false
    wordStart = 0
    var afterWord = false
    var index = 0
    while index < source.count {
      steps += 1
      let byte = source[index]
      let (kind, length) = source.characterClass(at: index)
      switch kind {
      case .letter:
        let lower = byte | 0x20
        if byte < 0x80 {
          if lower == UInt8(ascii: "h") || lower == UInt8(ascii: "w"),
            source.startsLink(at: index, afterWord: afterWord)
          {
            index = skipLink(source, from: index)
            append(word: "link")
            afterWord = false
            continue
          }
          if lower == UInt8(ascii: "n"), case let negation = source.negation(at: index),
            negation > 0
          {
            appendNegation()
            index += negation
            afterWord = true
            continue
          }
          append(lower)
        } else {
          append(lowercasing: source.scalar(at: index).scalar)
        }
        afterWord = true
      case .mark:
        let (scalar, _) = source.scalar(at: index)
        if scalar != "\u{20E3}" { append(lowercasing: scalar) }
        afterWord = true
      case .underscore:
        append(byte)
        afterWord = true
      case .number:
        afterWord = true
      case .space:
        isSeparated = true
        afterWord = false
      case .other, .ignored:
        let apostrophe = source.apostrophe(at: index)
        if apostrophe > 0, afterWord,
          case let ending = source.contractionEnding(at: index + apostrophe), ending > 0
        {
          appendExpansion(source[index + apostrophe] | 0x20)
          index += apostrophe + ending
          afterWord = true
          continue
        }
        afterWord = false
      }
      index += length
    }
    return String(decoding: output, as: UTF8.self)
  }

  @inline(__always)
  private mutating func append(_ byte: UInt8) {
    if isSeparated { separate() }
    output.append(byte)
  }

  private mutating func separate() {
    isSeparated = false
    guard !output.isEmpty else { return }
    output.append(0x20)
    wordStart = output.count
  }

  private mutating func append(lowercasing scalar: Unicode.Scalar) {
    if isSeparated { separate() }
    if scalar.properties.changesWhenLowercased {
      output.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    } else {
      output.append(scalar)
    }
  }

  /// Appends a whole word with blanks on both sides.
  private mutating func append(word: StaticString) {
    isSeparated = true
    for offset in 0..<word.utf8CodeUnitCount {
      // Within the static string by the loop's bounds.
      unsafe append(word.utf8Start[offset])
    }
    isSeparated = true
  }

  /// `can't` becomes `cannot`, any other `n't` a word of its own.
  private mutating func appendNegation() {
    if !isSeparated, output.count == wordStart + 2, output.has("ca", at: wordStart) {
      output.append(UInt8(ascii: "n"))
      for byte in "not".utf8 { output.append(byte) }
      isSeparated = true
    } else {
      append(word: "not")
    }
  }

  private mutating func appendExpansion(_ first: UInt8) {
    switch first {
    case UInt8(ascii: "m"): append(word: "am")
    case UInt8(ascii: "s"): append(word: "is")
    case UInt8(ascii: "d"): append(word: "would")
    case UInt8(ascii: "r"): append(word: "are")
    case UInt8(ascii: "v"): append(word: "have")
    default: append(word: "will")
    }
  }

  /// The white space after the link, or the end.
  private mutating func skipLink(_ source: [UInt8], from start: Int) -> Int {
    var index = start
    while index < source.count {
      steps += 1
      let (kind, length) = source.characterClass(at: index)
      if kind == .space { break }
      index += length
    }
    return index
  }
}
