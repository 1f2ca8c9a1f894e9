/// What the cleaners tell apart.
enum CharacterClass: UInt8 {
  case letter, mark, number, underscore, space, other, ignored

  /// Letters, marks, numbers and the underscore make words.
  @inline(__always)
  var isWord: Bool { rawValue <= CharacterClass.underscore.rawValue }

  /// The class of an ASCII character.
  @inline(__always)
  init(ascii byte: UInt8) {
    if (byte | 0x20) &- 0x61 < 26 {
      self = .letter
    } else if byte == 0x20 || byte &- 0x09 < 5 {
      self = .space
    } else if byte &- 0x30 < 10 {
      self = .number
    } else if byte == 0x5F {
      self = .underscore
    } else {
      self = byte < 0x20 || byte == 0x7F ? .ignored : .other
    }
  }

  /// The class of any character; `ignored` are controls, formats and variation selectors.
  init(_ scalar: Unicode.Scalar) {
    if scalar.value < 0x80 {
      self = CharacterClass(ascii: UInt8(scalar.value))
      return
    }
    let properties = scalar.properties
    if properties.isWhitespace {
      self = .space
      return
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      self = .letter
    case .nonspacingMark, .spacingMark, .enclosingMark:
      self = properties.isVariationSelector ? .ignored : .mark
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    case .control, .format: self = .ignored
    default: self = .other
    }
  }
}

extension [UInt8] {
  /// The class of the character at `index` and the length of its UTF-8 form.
  @inline(__always)
  func characterClass(at index: Int) -> (characterClass: CharacterClass, length: Int) {
    let byte = self[index]
    if byte < 0x80 { return (CharacterClass(ascii: byte), 1) }
    let (scalar, length) = scalar(at: index)
    return (CharacterClass(scalar), length)
  }

  /// True when a word goes on at `index`.
  @inline(__always)
  func isWord(at index: Int) -> Bool {
    index < count && characterClass(at: index).characterClass.isWord
  }

  /// The length of an apostrophe at `index`: `'`, `’`, `‘`, `＇`, the grave or the acute accent; 0 where there is none.
  @inline(__always)
  func apostrophe(at index: Int) -> Int {
    guard index < count else { return 0 }
    switch self[index] {
    case UInt8(ascii: "'"), UInt8(ascii: "`"): return 1
    case 0xC2: return has("\u{B4}", at: index) ? 2 : 0
    case 0xE2: return has("\u{2019}", at: index) || has("\u{2018}", at: index) ? 3 : 0
    case 0xEF: return has("\u{FF07}", at: index) ? 3 : 0
    default: return 0
    }
  }

  /// True when these letters follow, in either case; `word` is in lower case, letters and `:/.` only.
  @inline(__always)
  func hasLetters(_ word: StaticString, at index: Int) -> Bool {
    guard index + word.utf8CodeUnitCount <= count else { return false }
    for offset in 0..<word.utf8CodeUnitCount {
      // Within the static string by the loop's bounds.
      let wanted = unsafe word.utf8Start[offset]
      let found = self[index + offset]
      guard found == wanted || (found | 0x20 == wanted && wanted >= 0x61) else { return false }
    }
    return true
  }

  /// True where a link begins: `http://`, `https://`, `www.` with a word after it, or the stump `http…` of a link that was cut.
  ///
  /// `www.` and stumps count only at the beginning of a word. No test looks further than nine bytes, and none
  /// can match in what a cleaner has written.
  @inline(__always)
  func startsLink(at index: Int, afterWord: Bool) -> Bool {
    let first = self[index] | 0x20
    if first == UInt8(ascii: "h"), hasLetters("http", at: index) {
      let after = index + (hasLetters("https", at: index) ? 5 : 4)
      if has("://", at: after) { return true }
      return !afterWord
        && (has(":", at: after) || has("\u{2026}", at: after) || has("/", at: after))
    }
    return first == UInt8(ascii: "w") && !afterWord && hasLetters("www.", at: index)
      && isWord(at: index + 4)
  }

  /// The length of the ending of a contraction after its apostrophe: m, s, d, re, ve, ll; 0 where there is none.
  @inline(__always)
  func contractionEnding(at index: Int) -> Int {
    guard index < count else { return 0 }
    switch self[index] | 0x20 {
    case UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "d"):
      return isWord(at: index + 1) ? 0 : 1
    case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
      guard
        hasLetters("re", at: index) || hasLetters("ve", at: index) || hasLetters("ll", at: index)
      else { return 0 }
      return isWord(at: index + 2) ? 0 : 2
    default: return 0
    }
  }

  /// The length of `n't` at `index` with whatever apostrophe; 0 where there is none.
  @inline(__always)
  func negation(at index: Int) -> Int {
    guard self[index] | 0x20 == UInt8(ascii: "n") else { return 0 }
    let apostrophe = apostrophe(at: index + 1)
    let last = index + 1 + apostrophe
    guard apostrophe > 0, last < count, self[last] | 0x20 == UInt8(ascii: "t"),
      !isWord(at: last + 1)
    else { return 0 }
    return apostrophe + 2
  }
}
