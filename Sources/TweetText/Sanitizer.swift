/// Makes text from outside harmless where people and terminals read it.
package enum Sanitizer {
  /// The text without control characters, escape sequences' beginnings, bidirectional controls, zero-width
  /// characters and tag characters.
  ///
  /// Tabs, line ends (CR LF counts as one) and the separators U+2028/2029 become a blank. The zero-width joiner
  /// stays inside emoji. Of more than eight combining marks in a row the rest is dropped. With a limit, a longer
  /// text is cut to that many characters, the last of which is `…`.
  package static func terminalSafe(_ text: String, limit: Int? = nil) -> String {
    var safe = ""
    safe.unicodeScalars.reserveCapacity(min(text.utf8.count, (limit ?? Int.max / 16) * 16))
    var previous: Unicode.Scalar = " "
    var marks = 0
    var characters = 0
    for scalar in text.unicodeScalars {
      defer { previous = scalar }
      switch scalar.value {
      case 0x20...0x7E:
        marks = 0
        safe.unicodeScalars.append(scalar)
      case 0x0A where previous == "\r": continue
      case 0x09...0x0D, 0x85, 0x2028, 0x2029:
        marks = 0
        safe.unicodeScalars.append(" ")
      case 0..<0x20, 0x7F...0x9F: continue
      case 0x200D:
        if isEmojiPart(previous) { safe.unicodeScalars.append(scalar) }
      default:
        switch scalar.properties.generalCategory {
        case .format, .control, .lineSeparator, .paragraphSeparator: continue
        case .nonspacingMark, .enclosingMark:
          marks += 1
          if marks > 8 { continue }
        default: marks = 0
        }
        safe.unicodeScalars.append(scalar)
      }
      // A character has at most a few scalars here, so this bounds what is built beyond the limit.
      characters += 1
      if let limit, characters / 64 > limit { break }
    }
    guard let limit,
      let end = safe.index(safe.startIndex, offsetBy: limit, limitedBy: safe.endIndex),
      end < safe.endIndex
    else { return safe }
    return limit > 0 ? safe[..<safe.index(before: end)] + "…" : ""
  }

  private static func isEmojiPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{FE0F}" || scalar.value > 0x7F && scalar.properties.isEmoji
  }
}
