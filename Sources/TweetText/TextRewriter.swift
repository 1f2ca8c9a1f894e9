/// What the second versions of the cleaning profiles change before the first ones read a text: e-mail addresses are masked, irregular
/// contractions become words.
///
/// - An e-mail address is the word `email`.
/// - `won't` is `will not`, `shan't` is `shall not`, `ain't` is `is not`, and where asked for `can't` is `can not`; with any
///   apostrophe, and with capitals where the contraction has them.
///
/// Links are left as they are. The time is linear in the text: an address reaches back 64 bytes and forth 255.
struct TextRewriter: Sendable {
  /// Whether `can't` is rewritten too.
  let rewritesCannot: Bool

  private static let longestName = 64
  private static let longestHost = 255

  /// Rewrites UTF-8 whose entities are decoded.
  func rewrite(_ source: inout [UInt8]) {
    guard
      source.contains(where: {
        $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "`") || $0 >= 0x80
      })
    else { return }
    var output: [UInt8] = []
    output.reserveCapacity(source.count + 8)
    var index = 0
    var copied = 0  // bytes of the output up to here are no part of an address
    var afterWord = false
    while index < source.count {
      let byte = source[index]
      if byte == UInt8(ascii: "@"),
        let address = address(in: source, at: index, written: output.count - copied)
      {
        output.removeLast(address.name)
        TextRewriter.append("email", to: &output)
        index += address.rest
        copied = output.count
        afterWord = false
        continue
      }
      let letter = byte | 0x20
      if letter == UInt8(ascii: "h") || letter == UInt8(ascii: "w"), byte < 0x80,
        source.startsLink(at: index, afterWord: afterWord)
      {
        let end = source[index...].firstIndex { $0 <= 0x20 } ?? source.count
        output += source[index..<end]
        index = end
        copied = output.count
        afterWord = true
        continue
      }
      if !afterWord, byte < 0x80, output.last != UInt8(ascii: "@"),
        let expansion = expansion(in: source, at: index)
      {
        output += expansion.words
        index += expansion.length
        copied = output.count
        afterWord = true
        continue
      }
      let (kind, length) = source.characterClass(at: index)
      output += source[index..<index + length]
      index += length
      afterWord = kind.isWord
    }
    source = output
  }

  /// Appends a word with blanks around it.
  private static func append(_ word: StaticString, to output: inout [UInt8]) {
    if let last = output.last, last > 0x20 { output.append(0x20) }
    // Within the static string by the loop's bounds.
    for offset in 0..<word.utf8CodeUnitCount { unsafe output.append(word.utf8Start[offset]) }
    output.append(0x20)
  }

  // MARK: addresses

  /// The bytes of an e-mail address before the sign at `index` and from it on; `written` bytes before it may belong to it.
  private func address(
    in source: [UInt8], at index: Int, written: Int
  ) -> (name: Int, rest: Int)? {
    let first = max(0, index - min(written, TextRewriter.longestName + 1))
    var start = index
    while start > first, isNameByte(source[start - 1]) { start -= 1 }
    while start < index, !isWordByte(source[start]) { start += 1 }
    guard start < index, index - start <= TextRewriter.longestName,
      start == 0 || (source[start - 1] != UInt8(ascii: "@") && source[start - 1] < 0x80)
    else { return nil }
    guard let end = endOfHost(in: source, from: index + 1) else { return nil }
    return (index - start, end - index)
  }

  /// The end of a host's name of two parts or more, the last of two letters or more.
  private func endOfHost(in source: [UInt8], from start: Int) -> Int? {
    let last = min(source.count, start + TextRewriter.longestHost)
    var index = start
    var end: Int?
    var partStart = start
    var parts = 0
    while true {
      while index < last, isWordByte(source[index]) || source[index] == UInt8(ascii: "-") {
        index += 1
      }
      guard index > partStart else { break }
      parts += 1
      let part = source[partStart..<index]
      if parts > 1, part.count > 1, part.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }) { end = index }
      guard index < last, source[index] == UInt8(ascii: ".") else { break }
      index += 1
      partStart = index
    }
    guard let end else { return nil }
    let goesOn = end < source.count && (source[end] == UInt8(ascii: "@") || source[end] >= 0x80)
    return goesOn ? nil : end
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "%"): true
    default: isWordByte(byte)
    }
  }

  // MARK: contractions

  /// The words that an irregular contraction at `index` stands for, and its length.
  private func expansion(in source: [UInt8], at index: Int) -> (words: [UInt8], length: Int)? {
    switch source[index] | 0x20 {
    case UInt8(ascii: "w"): expansion("wo", "will", in: source, at: index)
    case UInt8(ascii: "s"): expansion("sha", "shall", in: source, at: index)
    case UInt8(ascii: "a"): expansion("ai", "is", in: source, at: index)
    case UInt8(ascii: "c") where rewritesCannot: expansion("ca", "can", in: source, at: index)
    default: nil
    }
  }

  private func expansion(
    _ stem: StaticString, _ word: String, in source: [UInt8], at index: Int
  ) -> (words: [UInt8], length: Int)? {
    let negation = index + stem.utf8CodeUnitCount
    guard source.hasLetters(stem, at: index), negation < source.count else { return nil }
    let length = source.negation(at: negation)
    guard length > 0 else { return nil }
    let isUpper = source[negation] & 0x20 == 0
    let isCapital = source[index] & 0x20 == 0
    let words =
      isUpper ? "\(word) not".uppercased() : isCapital ? "\(word.capitalized) not" : "\(word) not"
    return (Array(words.utf8), negation + length - index)
  }
}

extension String {
  /// The text with its first letter in upper case.
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
