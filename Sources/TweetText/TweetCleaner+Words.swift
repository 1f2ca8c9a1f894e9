extension TweetCleaner {
  /// Emits the word at `start`, its repeats cut and its contractions split; the offset after it.
  mutating func word(at start: Int) -> Int {
    beginToken()
    let tokenStart = output.count
    var hasApostrophe = false
    var index = start
    // What was read and is kept as it stands, but is not yet in the output.
    var kept = start
    var previous: Unicode.Scalar = " "
    var equal = 0
    while index < source.count {
      let byte = source[index]
      if byte < 0x80, CharacterClass(ascii: byte).isWord {
        if index > start, endsWord(byte, at: index) { break }
        let scalar = Unicode.Scalar(byte)
        equal = scalar == previous ? equal + 1 : 1
        previous = scalar
        index += 1
        if equal > 3, byte &- 0x30 >= 10 {
          append(kept..<index - 1)
          kept = index
        }
        continue
      }
      if let joined = joint(at: index, start) {
        append(kept..<index)
        kept = index + joined.length
        output.append(joined.byte)
        if joined.byte == UInt8(ascii: "'") { hasApostrophe = true }
        previous = " "
        index += joined.length
        continue
      }
      guard byte >= 0x80 else { break }
      let (scalar, length) = source.scalar(at: index)
      if CharacterClass(scalar).isWord {
        if index > start, emoji(at: index) != nil { break }
      } else {
        // Joiners and non-joiners shape words of Persian and of the scripts of India.
        guard scalar == "\u{200C}" || scalar == "\u{200D}", index > start,
          source.isWord(at: index + length), source[index + length] >= 0x80,
          emoji(at: index + length) == nil
        else { break }
      }
      equal = scalar == previous ? equal + 1 : 1
      previous = scalar
      index += length
      if equal > 3 {
        append(kept..<index - length)
        kept = index
      }
    }
    append(kept..<index)
    if hasApostrophe { splitContractions(from: tokenStart) }
    return index
  }

  /// The end of a word of ASCII letters alone, as most are; nil where a rule has to look closer.
  func endOfPlainWord(from start: Int) -> Int? {
    let bytes = source.span
    var previous: UInt8 = 0
    var repeats = 0
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      let letter = byte | 0x20
      guard letter &- 0x61 < 26 else {
        // Digits and underscores go on with the word, apostrophes and what is not ASCII may.
        let mayGoOn =
          byte >= 0x80 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
          || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
        return mayGoOn ? nil : index
      }
      if byte == previous {
        repeats += 1
        if repeats == 3 { return nil }
      } else {
        repeats = 0
        previous = byte
      }
      // A link ends a word from within.
      if letter == UInt8(ascii: "t"), index > start + 1,
        bytes[index - 1] | 0x20 == UInt8(ascii: "h"),
        source.startsLink(at: index - 1, afterWord: true)
      {
        return index - 1
      }
      index += 1
    }
    return index
  }

  /// Splits the endings off a word that was ended by something other than the end of its letters.
  ///
  /// In `it'shttp://…` the apostrophe stands between letters until the link is seen; read alone, `it's` is two tokens.
  private mutating func splitContractions(from start: Int) {
    var cuts: [Int] = []
    var end = output.count
    while let cut = contractionStart(endingAt: end, from: start), cut > start {
      cuts.append(cut)
      end = cut
    }
    guard let first = cuts.last else { return }
    let tail = Array(output[first...])
    output.removeSubrange(first...)
    for (offset, byte) in tail.enumerated() {
      if cuts.last == first + offset {
        output.append(0x20)
        cuts.removeLast()
      }
      output.append(byte)
    }
  }

  /// Where the contraction's ending that the output has before `end` begins, or an apostrophe that such a cut laid bare.
  private func contractionStart(endingAt end: Int, from start: Int) -> Int? {
    if end > start, output[end - 1] == UInt8(ascii: "'") { return end - 1 }
    for length in 2...3 where end - length >= start {
      let letters = output[end - length + 1..<end].map { $0 | 0x20 }
      guard output[end - length] == UInt8(ascii: "'") else { continue }
      switch letters {
      case Array("s".utf8), Array("m".utf8), Array("d".utf8), Array("re".utf8), Array("ve".utf8),
        Array("ll".utf8):
        return end - length
      case Array("t".utf8):
        let negation = end - length - 1
        return negation >= start && output[negation] | 0x20 == UInt8(ascii: "n") ? negation : nil
      default: return nil
      }
    }
    return nil
  }

  /// True where `n't`, a link or a keycap begins inside a word.
  @inline(__always)
  private func endsWord(_ byte: UInt8, at index: Int) -> Bool {
    guard index + 1 < source.count else { return false }
    let next = source[index + 1]
    switch byte {
    case UInt8(ascii: "n"), UInt8(ascii: "N"):
      return (next == UInt8(ascii: "'") || next == UInt8(ascii: "`") || next >= 0x80)
        && source.negation(at: index) > 0
    case UInt8(ascii: "h"), UInt8(ascii: "H"):
      return next | 0x20 == UInt8(ascii: "t") && source.startsLink(at: index, afterWord: true)
    case 0x30...0x39: return next >= 0xE2 && isKeycap(at: index)
    default: return false
    }
  }

  /// What holds a word together at `index`: an apostrophe between letters, a point, comma or colon between digits.
  private func joint(at index: Int, _ start: Int) -> (byte: UInt8, length: Int)? {
    guard index > start else { return nil }
    let before = source[index - 1]
    let byte = source[index]
    if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") {
      guard before &- 0x30 < 10, index + 1 < source.count, source[index + 1] &- 0x30 < 10,
        !isKeycap(at: index + 1)
      else { return nil }
      return (byte, 1)
    }
    let apostrophe = source.apostrophe(at: index)
    guard apostrophe > 0, source.contractionEnding(at: index + apostrophe) == 0,
      isLetter(before), index + apostrophe < source.count, isLetter(source[index + apostrophe]),
      source.negation(at: index + apostrophe) == 0,
      !source.startsLink(at: index + apostrophe, afterWord: true)
    else { return nil }
    return (UInt8(ascii: "'"), apostrophe)
  }

  private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
