/// The words of a tweet by which its language is told: without links, mentions, hashtags, cashtags, e-mail addresses
/// and words that hold digits or signs.
///
/// A pass over the bytes in linear time.
struct LanguageText {
  /// The words, a blank behind each.
  private(set) var bytes: [UInt8] = []
  /// The letters of the words.
  private(set) var letters = LetterCount()
  /// The letters of the hashtags.
  private(set) var tagLetters = LetterCount()

  init(_ text: String) {
    let source = Array(text.utf8)
    bytes.reserveCapacity(source.count + 1)
    var index = 0
    while index < source.count {
      guard source[index] > 0x20 else {
        index += 1
        continue
      }
      var end = index
      while end < source.count, source[end] > 0x20 { end += 1 }
      add(source[index..<end])
      index = end
    }
  }

  /// Adds what stands between two blanks.
  private mutating func add(_ word: ArraySlice<UInt8>) {
    var word = word
    while let first = word.first, LanguageText.isQuote(first) { word.removeFirst() }
    guard let first = word.first else { return }
    if first == UInt8(ascii: "#") || word.starts(with: LanguageText.wideHash) {
      LanguageText.count(word, in: &tagLetters)
      return
    }
    if first == UInt8(ascii: "@") || first == UInt8(ascii: "$") {
      word = word.dropFirst().drop { LanguageText.isWordByte($0) }
    }
    if word.allSatisfy({ $0 < 0x80 }) {
      if LanguageText.isPlain(word) { append(word) }
      return
    }
    // Where a language has no blanks, a link may stand between its words.
    while let link = LanguageText.link(in: word) {
      append(word[..<link.lowerBound])
      word = word[link.upperBound...]
    }
    append(word)
  }

  private mutating func append(_ word: ArraySlice<UInt8>) {
    guard !word.isEmpty else { return }
    LanguageText.count(word, in: &letters)
    bytes += word
    bytes.append(0x20)
  }

  /// True for a word of ASCII that is written as words are: no link, no address, no digit, no sign within.
  private static func isPlain(_ word: ArraySlice<UInt8>) -> Bool {
    let isMark =
      word.count <= 3
      && ["RT", "rt", "via"].contains(where: { word.elementsEqual($0.utf8) })
    if isMark { return false }
    var hasPoint = false
    for byte in word {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "@"), UInt8(ascii: "$"),
        UInt8(ascii: "_"),
        UInt8(ascii: "&"), UInt8(ascii: "="):
        return false
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "/") where hasPoint: return false
      case UInt8(ascii: ":") where word.starts(with: "http".utf8): return false
      default: break
      }
    }
    return !word.starts(with: "www.".utf8)
  }

  /// Where a link lies in a word: from `http` to the next character outside ASCII.
  private static func link(in word: ArraySlice<UInt8>) -> Range<Int>? {
    var index = word.startIndex
    while index < word.endIndex {
      if word[index] == UInt8(ascii: "h") {
        let rest = word[index...]
        if rest.starts(with: "https://".utf8) || rest.starts(with: "http://".utf8) {
          return index..<(rest.firstIndex { $0 >= 0x80 } ?? word.endIndex)
        }
      }
      index += 1
    }
    return nil
  }

  private static func count(_ word: ArraySlice<UInt8>, in letters: inout LetterCount) {
    var index = word.startIndex
    while index < word.endIndex {
      let byte = word[index]
      if byte < 0x80 {
        letters.add(ascii: byte)
        index += 1
        continue
      }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      guard index + length <= word.endIndex else { return }
      var value = UInt32(byte) & (0x7F >> UInt32(length))
      for next in 1..<length { value = value << 6 | UInt32(word[index + next] & 0x3F) }
      if let scalar = Unicode.Scalar(value) { letters.add(scalar, bytes: length) }
      index += length
    }
    letters.add(ascii: 0x20)
  }

  private static let wideHash = Array("＃".utf8)

  private static func isQuote(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: "["),
      UInt8(ascii: "."),
      UInt8(ascii: "*"):
      true
    default: false
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
  }
}
