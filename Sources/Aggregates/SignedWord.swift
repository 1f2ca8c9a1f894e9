/// A word of which signs are a part, such as `c++`, `.net`, `at&t` or `$brk.b`: it is found as it is written.
struct SignedWord: Equatable {
  /// Its characters, folded.
  let scalars: [Unicode.Scalar]

  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    self.scalars = Array(TermScanner.folded(scalars).unicodeScalars.map(SignedWord.plain))
  }

  /// The word as text.
  var text: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// Where it ends in a text when it begins at `start`; nil where it does not stand there as a whole word.
  func end(in text: [Unicode.Scalar], from start: Int) -> Int? {
    guard let first = scalars.first, let last = scalars.last else { return nil }
    if start > 0 {
      let before = text[start - 1]
      // `.net` is not a part of `asp.net`, and `b.c` not of `a.b.c`.
      if TermScanner.isWord(before) || before == first || before == "@" { return nil }
      if before == ".", start > 1, TermScanner.isWord(text[start - 2]) { return nil }
    }
    var index = start
    var matched = 0
    while matched < scalars.count {
      guard index < text.count else { return nil }
      for scalar in SignedWord.folded(text[index]) {
        guard matched < scalars.count, scalars[matched] == scalar else { return nil }
        matched += 1
      }
      index += 1
    }
    guard index < text.count else { return index }
    // `c+` is not a part of `c++`, `c++` not of `c++11`, and `u.s` not of `u.s.a`.
    let next = text[index]
    if TermScanner.isWord(next) { return nil }
    guard TermScanner.isWord(last) else { return next == last ? nil : index }
    let goesOn = next == "." && index + 1 < text.count && TermScanner.isWord(text[index + 1])
    return goesOn ? nil : index
  }

  private static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.value < 0x80 { return [plain(TermScanner.asciiLower(scalar))] }
    return scalar.properties.lowercaseMapping.unicodeScalars.map(plain)
  }

  /// All forms of an apostrophe are one.
  private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "\u{2018}", "\u{2019}", "\u{FF07}": "'"
    default: scalar
    }
  }
}
