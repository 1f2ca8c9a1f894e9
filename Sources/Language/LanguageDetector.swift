private import CLanguage

/// Reads the language of a tweet from its words.
///
/// The answer depends on the text alone: the same text always gets the same answer.
package enum LanguageDetector {
  /// The fewest bytes of Latin letters, blanks included, that tell a language; names and exclamations are shorter.
  static let fewestLetters = 25
  /// The share of the letters, in percent, that must be in the language.
  static let leastShare = 75

  /// The language that a text is clearly written in, as a code such as `en`; nil where it is short, mixed or unclear.
  ///
  /// A script that is not Latin decides alone. Links, mentions, hashtags and e-mail addresses do not count; hashtags do where
  /// nothing else is written.
  package static func language(of text: String) -> String? {
    let words = LanguageText(text)
    if words.bytes.isEmpty { return words.tagLetters.decisive?.language }
    if let script = words.letters.decisive {
      let guess = guess(words.bytes)
      guard guess.is_reliable, let code = code(of: guess), guess.percent >= leastShare else {
        return script.language
      }
      return code
    }
    guard words.letters.latinBytes >= fewestLetters / 2 else { return nil }
    let guess = guess(words.bytes)
    guard guess.is_reliable, guess.percent >= leastShare, guess.letters >= fewestLetters else {
      return nil
    }
    return code(of: guess)
  }

  private static func guess(_ bytes: [UInt8]) -> elmond_language_guess {
    // The bytes are read during the call only. A longer text shows its language in its first megabyte.
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe elmond_guess_language(
        bytes.bindMemory(to: CChar.self).baseAddress, Int32(min(bytes.count, 1 << 20)))
    }
  }

  /// The code in the form of `LanguageTag`; nil for scripts and for none.
  private static func code(of guess: elmond_language_guess) -> String? {
    var code = guess.code
    let text = unsafe withUnsafeBytes(of: &code) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return text.hasPrefix("xx") ? nil : LanguageTag.language(of: text)
  }
}
