/// A pictograph of a text, whatever parts it is put together from.
struct Pictograph {
  /// Its characters without variation selectors and skin tones: `👍🏽` is `👍`, `👩🏽‍💻` is `👩‍💻`.
  var plain: String
  /// The same with its skin tones; nil where it has none.
  var toned: String?
  /// Where the next character stands.
  var end: Int
}

extension TermScanner {
  /// The pictograph that begins at `start`: a symbol with its selectors, skin tones and joined parts, a flag, a keycap.
  static func pictograph(in scalars: [Unicode.Scalar], at start: Int) -> Pictograph? {
    if let keycap = keycap(in: scalars, at: start) { return keycap }
    guard isSymbol(scalars[start]) else { return nil }
    var kept = [scalars[start]]
    var end = start + 1
    if isRegional(scalars[start]) {
      if end < scalars.count, isRegional(scalars[end]) {
        kept.append(scalars[end])
        end += 1
      }
      return pictograph(kept, end: end)
    }
    while end < scalars.count {
      let scalar = scalars[end]
      switch scalar.value {
      case 0xFE00...0xFE0F: break
      case 0x1F3FB...0x1F3FF, 0xE0020...0xE007F: kept.append(scalar)
      case 0x200D:
        guard end + 1 < scalars.count, isSymbol(scalars[end + 1]) else {
          return pictograph(kept, end: end)
        }
        kept += [scalar, scalars[end + 1]]
        end += 1
      default: return pictograph(kept, end: end)
      }
      end += 1
    }
    return pictograph(kept, end: end)
  }

  private static func pictograph(_ kept: [Unicode.Scalar], end: Int) -> Pictograph {
    let plain = kept.filter { !isTone($0) }
    return Pictograph(
      plain: text(plain), toned: plain.count == kept.count ? nil : text(kept), end: end)
  }

  /// A digit, `#` or `*` in a box.
  private static func keycap(in scalars: [Unicode.Scalar], at start: Int) -> Pictograph? {
    switch scalars[start] {
    case "0"..."9", "#", "*": break
    default: return nil
    }
    var end = start + 1
    if end < scalars.count, scalars[end] == "\u{FE0F}" { end += 1 }
    guard end < scalars.count, scalars[end] == "\u{20E3}" else { return nil }
    return pictograph([scalars[start], scalars[end]], end: end + 1)
  }

  private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x7F && scalar.properties.generalCategory == .otherSymbol
  }

  private static func isRegional(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  private static func isTone(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F3FB...0x1F3FF).contains(scalar.value)
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}
