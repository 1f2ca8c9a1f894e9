/// How many letters of each script a text has.
struct LetterCount {
  /// Bytes of Latin letters, ASCII and others.
  private(set) var latinBytes = 0
  /// Bytes of letters in other scripts.
  private(set) var otherBytes = 0
  private var counts: [LetterScript: Int] = [:]
  private var hasPair = false
  private var previous: LetterScript?

  /// Counts an ASCII character.
  @inline(__always)
  mutating func add(ascii byte: UInt8) {
    previous = nil
    if (byte | 0x20) &- 0x61 < 26 { latinBytes += 1 }
  }

  /// Counts a character of two bytes or more.
  mutating func add(_ scalar: Unicode.Scalar, bytes: Int) {
    let script = LetterScript(scalar)
    defer { previous = script }
    guard let script else { return }
    guard script != .latin else {
      latinBytes += bytes
      return
    }
    otherBytes += bytes
    counts[script, default: 0] += 1
    if script == previous { hasPair = true }
  }

  /// The script that the text is written in; nil where Latin letters prevail or where nothing but single letters stands,
  /// as in the faces `¯\_(ツ)_/¯` and `ಠ_ಠ`.
  var decisive: LetterScript? {
    guard otherBytes > latinBytes, hasPair else { return nil }
    // Japanese mixes both; kana are written in no other language.
    if let kana = counts[.kana], kana + counts[.han, default: 0] == counts.values.reduce(0, +) {
      return .kana
    }
    return counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
  }
}
