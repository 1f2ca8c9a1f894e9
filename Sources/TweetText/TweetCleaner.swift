/// The cleaning for a model of tweets, ELMO.md 9.4, in one pass over the UTF-8.
///
/// Tokens, single blanks between them, case kept:
/// - HTML entities are decoded once. A link is `link`, up to white space or the first character that is not ASCII.
/// - `@name` is `@user`, except in a mail address. `#Tag` is `#` and `Tag`, whatever its case.
/// - Words are letters, marks, numbers and underscores, with an apostrophe between letters (`o'clock`).
///   Contractions are split as in the Penn Treebank: `do n't`, `it 's`, `we 're`; their apostrophe becomes `'`.
///   Numbers keep their points, commas and colons (`3.5`, `10:30`).
/// - A character that is repeated more than three times in a word is cut to three, digits excepted.
/// - An emoticon (`:-)`, `<3`, `^_^`) and an emoji with all that belongs to it (skin tone, joiner, flag, keycap) is
///   one token; of equal emoji in a row three stay.
/// - Other characters are tokens by themselves; a run of equal ones is one token, cut to three (`!!!`).
/// - Controls, format characters and stray variation selectors end a token and are dropped.
///
/// It is idempotent because each token, read alone, is read as the same token, and no rule looks past a blank.
package struct TweetCleaner: Sendable {
  var source: [UInt8] = []
  var output: [UInt8] = []
  /// The bytes in `output` of the last token, when that was an emoji.
  private var lastEmoji: Range<Int>?
  private var equalEmoji = 0
  /// How many characters were looked at, looking ahead excepted where it is bounded; for the test of linear time.
  package private(set) var steps = 0

  private let rewriter: TextRewriter?

  /// A cleaner.
  package init() { rewriter = nil }

  /// A cleaner of texts that are rewritten first.
  init(rewriter: TextRewriter) { self.rewriter = rewriter }

  /// The clean text.
  package mutating func clean(_ text: String) -> String {
    source.removeAll(keepingCapacity: true)
    source.append(contentsOf: text.utf8)
    HTMLEntities.decode(&source)
    rewriter?.rewrite(&source)
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity(source.count + source.count / 4)
    lastEmoji = nil
    var index = 0
    var afterWord = false
    while index < source.count {
      steps += 1
      let (kind, length) = source.characterClass(at: index)
      if kind == .space || kind == .ignored {
        index += length
        afterWord = false
        continue
      }
      let start = index
      if kind == .letter, let end = plainWord(at: index, afterWord: afterWord) {
        index = end
        afterWord = true
        steps += index - start
        continue
      }
      index = token(at: index, kind, length, afterWord: afterWord)
      // The last byte tells enough: a token that ends in a word's character is a word, a mention or an ending.
      afterWord = endsInWord(start, index)
      steps += index - start
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Emits the word at `index` where no rule has anything to say to it, as of most; the offset after it.
  private mutating func plainWord(at index: Int, afterWord: Bool) -> Int? {
    guard source[index] < 0x80, !source.startsLink(at: index, afterWord: afterWord),
      let end = endOfPlainWord(from: index)
    else { return nil }
    beginToken()
    append(index..<end)
    return end
  }

  /// Emits the token at `index`; the offset after it.
  private mutating func token(
    at index: Int, _ kind: CharacterClass, _ length: Int, afterWord: Bool
  ) -> Int {
    let byte = source[index]
    if byte >= 0x80 || isKeycap(at: index) {
      if let end = emoji(at: index) {
        emit(emoji: index..<end)
        return end
      }
    }
    if kind.isWord {
      if byte < 0x80, source.startsLink(at: index, afterWord: afterWord) {
        emit("link")
        return endOfLink(from: index)
      }
      if byte < 0x80, case let negation = source.negation(at: index), negation > 0 {
        beginToken()
        output.append(byte)
        output.append(UInt8(ascii: "'"))
        output.append(source[index + negation - 1])
        return index + negation
      }
      return word(at: index)
    }
    if byte == UInt8(ascii: "@") || source.has("\u{FF20}", at: index),
      let end = endOfMention(at: index, length, afterWord: afterWord)
    {
      emit("@user")
      return end
    }
    if let end = emoticon(at: index, afterWord: afterWord) { return end }
    let apostrophe = source.apostrophe(at: index)
    if apostrophe > 0, case let ending = source.contractionEnding(at: index + apostrophe),
      ending > 0
    {
      beginToken()
      output.append(UInt8(ascii: "'"))
      output.append(contentsOf: source[index + apostrophe..<index + apostrophe + ending])
      return index + apostrophe + ending
    }
    return symbols(at: index, length)
  }

  // MARK: output

  /// Sets the next token off from the one before.
  mutating func beginToken() {
    if !output.isEmpty { output.append(0x20) }
    lastEmoji = nil
  }

  mutating func append(_ bytes: Range<Int>) {
    output.append(contentsOf: source[bytes])
  }

  mutating func append(_ byte: UInt8) { output.append(byte) }

  private mutating func emit(_ word: StaticString) {
    beginToken()
    for offset in 0..<word.utf8CodeUnitCount {
      // Within the static string by the loop's bounds.
      unsafe output.append(word.utf8Start[offset])
    }
  }

  private mutating func emit(emoji: Range<Int>) {
    if let last = lastEmoji, last.count == emoji.count, output[last] == source[emoji] {
      equalEmoji += 1
      if equalEmoji > 3 { return }
    } else {
      equalEmoji = 1
    }
    beginToken()
    lastEmoji = output.count..<output.count + emoji.count
    append(emoji)
  }

  // MARK: tokens

  private func endsInWord(_ start: Int, _ end: Int) -> Bool {
    var index = end - 1
    while index > start, source[index] & 0xC0 == 0x80 { index -= 1 }
    return source.isWord(at: index)
  }

  private func endOfLink(from start: Int) -> Int {
    source[start...].firstIndex { $0 <= 0x20 || $0 >= 0x7F } ?? source.count
  }

  /// The end of `@name`; nil where it is no mention, as in a mail address.
  private func endOfMention(at index: Int, _ length: Int, afterWord: Bool) -> Int? {
    var end = index + length
    while end < source.count, isNameByte(source[end]) { end += 1 }
    guard end > index + length, !isKeycap(at: end - 1) else { return nil }
    // As twitter-text has it, neither `@a@b` nor a name that goes on with an accented Latin letter.
    if end < source.count, source[end] == UInt8(ascii: "@") || (0xC3...0xC9).contains(source[end]) {
      return nil
    }
    let isAddress =
      afterWord && end + 1 < source.count && source[end] == UInt8(ascii: ".")
      && isNameByte(source[end + 1])
    return isAddress ? nil : end
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    byte < 0x80 && CharacterClass(ascii: byte).isWord
  }

  /// A run of one character that belongs to no word.
  private mutating func symbols(at start: Int, _ length: Int) -> Int {
    beginToken()
    var index = start
    var count = 0
    repeat {
      if count < 3 { append(index..<index + length) }
      count += 1
      index += length
    } while isSame(start, index, length)
      && !(source[index] == UInt8(ascii: "@") && index + 1 < source.count
        && isNameByte(source[index + 1]))
      && emoticonLength(at: index, afterWord: false) == nil && !isKeycap(at: index)
    return index
  }

  private func isSame(_ a: Int, _ b: Int, _ length: Int) -> Bool {
    guard b + length <= source.count else { return false }
    for offset in 0..<length where source[a + offset] != source[b + offset] { return false }
    return true
  }
}
