/// Text that came from outside, made safe for a terminal and measured in its columns.
package enum PlainText {
  /// The text without control characters, line ends, and marks that reorder or hide text.
  package static func safe(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
      case .format where scalar.value != 0x200D: continue  // The joiner holds pictographs together.
      case .surrogate, .unassigned, .privateUse: scalars.append("\u{FFFD}")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// How many columns of a terminal a text takes.
  package static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  /// The text in exactly `columns` columns: filled with blanks, or cut with `…`.
  package static func fitted(_ text: String, _ columns: Int, right: Bool = false) -> String {
    let cut = cut(text, columns)
    let blanks = String(repeating: " ", count: max(0, columns - width(cut)))
    return right ? blanks + cut : cut + blanks
  }

  /// The text in at most `columns` columns, with `…` for what is cut away.
  package static func cut(_ text: String, _ columns: Int) -> String {
    guard width(text) > columns else { return text }
    var kept = ""
    var used = 0
    for character in text {
      let width = width(character)
      if used + width > columns - 1 { break }
      kept.append(character)
      used += width
    }
    return columns > 0 ? kept + "…" : ""
  }

  private static func width(_ character: Character) -> Int {
    var widest = 0
    for scalar in character.unicodeScalars {
      if scalar.value == 0xFE0F { return 2 }  // Asks for the coloured, wide form.
      widest = max(widest, width(scalar))
    }
    return widest
  }

  /// East Asian wide and full-width characters and pictographs take two columns (UAX #11).
  private static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value < 0x20 ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
