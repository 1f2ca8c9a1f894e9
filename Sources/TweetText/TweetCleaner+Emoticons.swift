extension TweetCleaner {
  /// Emits the emoticon at `index`, its mouth cut to three; the offset after it, nil where there is none.
  mutating func emoticon(at index: Int, afterWord: Bool) -> Int? {
    guard let found = emoticonLength(at: index, afterWord: afterWord) else { return nil }
    beginToken()
    append(index..<index + found.fixed)
    append(index + found.fixed..<index + found.fixed + min(found.mouth, 3))
    return index + found.fixed + found.mouth
  }

  /// The length of the eyes and nose, and of the mouth, which may be repeated; at most a run is looked at.
  ///
  /// Every test that can fail because of what stands beside the emoticon succeeds when nothing does: a token
  /// that is an emoticon stays one when it is read alone.
  func emoticonLength(at index: Int, afterWord: Bool) -> (fixed: Int, mouth: Int)? {
    switch byte(index) {
    case UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "="):
      return face(at: index, afterWord: afterWord)
    case UInt8(ascii: "<"):
      // <3 and </3
      let heart = index + (byte(index + 1) == UInt8(ascii: "/") ? 2 : 1)
      guard byte(heart) == UInt8(ascii: "3") else { return nil }
      return mouth(at: heart, after: heart - index)
    case UInt8(ascii: "("):
      // (: and (-: and (;
      let eyes = index + (byte(index + 1) == UInt8(ascii: "-") ? 2 : 1)
      guard !afterWord, byte(eyes) == UInt8(ascii: ":") || byte(eyes) == UInt8(ascii: ";"),
        byte(eyes + 1) != byte(eyes), !source.isWord(at: eyes + 1)
      else { return nil }
      return (eyes - index, 1)
    case UInt8(ascii: "^"), UInt8(ascii: "-"):
      // ^_^ and -_-
      guard !afterWord, byte(index + 1) == UInt8(ascii: "_"), byte(index + 2) == byte(index),
        byte(index + 3) != byte(index), !source.isWord(at: index + 3)
      else { return nil }
      return (2, 1)
    default: return nil
    }
  }

  private func face(at index: Int, afterWord: Bool) -> (fixed: Int, mouth: Int)? {
    var place = index + 1
    switch byte(place) {
    case UInt8(ascii: "-"), UInt8(ascii: "^"), UInt8(ascii: "'"): place += 1
    default: break
    }
    switch byte(place) {
    case UInt8(ascii: ")"), UInt8(ascii: "("), UInt8(ascii: "]"), UInt8(ascii: "["),
      UInt8(ascii: "}"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "*"):
      return mouth(at: place, after: place - index)
    case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "D"), UInt8(ascii: "P"),
      UInt8(ascii: "p"), UInt8(ascii: "O"), UInt8(ascii: "o"), UInt8(ascii: "3"),
      UInt8(ascii: "S"), UInt8(ascii: "s"), UInt8(ascii: "X"), UInt8(ascii: "x"):
      return afterWord ? nil : mouth(at: place, after: place - index)
    default: return nil
    }
  }

  /// A mouth of one character, repeated or not; letters and digits must end there.
  private func mouth(at place: Int, after fixed: Int) -> (fixed: Int, mouth: Int)? {
    var end = place + 1
    while byte(end) == source[place] { end += 1 }
    let isSign = !source.isWord(at: place)
    let isSlash = source[place] == UInt8(ascii: "/") || source[place] == UInt8(ascii: "\\")
    if !isSign || isSlash, source.isWord(at: end) || isKeycap(at: end - 1) { return nil }
    return (fixed, end - place)
  }

  private func byte(_ index: Int) -> UInt8? { index < source.count ? source[index] : nil }
}
