extension TweetCleaner {
  /// True for a digit, `#` or `*` that the enclosing keycap follows.
  @inline(__always)
  func isKeycap(at index: Int) -> Bool {
    guard index + 3 < source.count, source[index + 1] >= 0xE2 else { return false }
    let byte = source[index]
    guard byte &- 0x30 < 10 || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "*") else {
      return false
    }
    return source.has("\u{20E3}", at: index + 1) || source.has("\u{FE0F}\u{20E3}", at: index + 1)
  }

  /// The end of the emoji that begins at `index`, with all that belongs to it; nil where there is none.
  func emoji(at start: Int) -> Int? {
    guard start < source.count else { return nil }
    if source[start] < 0x80 {
      guard isKeycap(at: start) else { return nil }
      return start + (source.has("\u{20E3}", at: start + 1) ? 4 : 7)
    }
    let (scalar, length) = source.scalar(at: start)
    guard isEmoji(scalar, endingAt: start + length) else { return nil }
    var index = start + length
    if isRegionalIndicator(scalar) {
      guard index < source.count else { return index }
      let (second, secondLength) = source.scalar(at: index)
      return isRegionalIndicator(second) ? index + secondLength : index
    }
    while index < source.count, source[index] >= 0x80 {
      let (next, nextLength) = source.scalar(at: index)
      switch next.value {
      case 0xFE0E, 0xFE0F, 0x20E3, 0x1F3FB...0x1F3FF, 0xE0020...0xE007F:
        index += nextLength
      case 0x200D:
        let joined = index + nextLength
        guard joined < source.count, source[joined] >= 0x80 else { return index }
        let (other, otherLength) = source.scalar(at: joined)
        guard other.properties.isEmoji, !isRegionalIndicator(other) else { return index }
        index = joined + otherLength
      default: return index
      }
    }
    return index
  }

  /// Pictures by themselves, and signs such as ❤ that a variation selector makes pictures.
  private func isEmoji(_ scalar: Unicode.Scalar, endingAt end: Int) -> Bool {
    guard scalar.value >= 0xA9 else { return false }
    let properties = scalar.properties
    guard properties.isEmoji else { return false }
    // Letters such as ℹ and signs such as ™ are emoji only with the selector; from U+2190 on all are.
    return properties.isEmojiPresentation || scalar.value >= 0x2190 && !properties.isAlphabetic
      || source.has("\u{FE0F}", at: end)
  }

  private func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }
}
