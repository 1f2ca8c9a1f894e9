private import JSON

/// The character references that the platform and its archives write into text.
package enum HTMLEntities {
  /// Decodes each reference once: `&amp;lt;` becomes `&lt;`.
  ///
  /// Known are `&amp; &lt; &gt; &quot; &apos; &nbsp;` and the numeric ones up to eight digits. Numbers that
  /// name no character give U+FFFD, 0 gives nothing, and 128 … 159 are read as Windows-1252, as browsers do
  /// (https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state).
  package static func decode(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var bytes = Array(text.utf8)
    decode(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same on UTF-8.
  static func decode(_ bytes: inout [UInt8]) {
    guard var index = firstAmpersand(in: bytes.span) else { return }
    var output = Array(bytes[..<index])
    output.reserveCapacity(bytes.count)
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "&"), let reference = reference(in: bytes, at: index) {
        if let scalar = reference.scalar { output.append(scalar) }
        index += reference.length
      } else {
        output.append(byte)
        index += 1
      }
    }
    bytes = output
  }

  private static func firstAmpersand(in bytes: Span<UInt8>) -> Int? {
    for index in bytes.indices where bytes[index] == UInt8(ascii: "&") { return index }
    return nil
  }

  /// The reference at an ampersand; looks at no more than twelve bytes. No scalar: it decodes to nothing.
  private static func reference(
    in bytes: [UInt8], at index: Int
  ) -> (scalar: Unicode.Scalar?, length: Int)? {
    guard index + 1 < bytes.count else { return nil }
    switch bytes[index + 1] {
    case UInt8(ascii: "#"): return number(in: bytes, at: index)
    case UInt8(ascii: "a"):
      if bytes.has("&amp;", at: index) { return ("&", 5) }
      if bytes.has("&apos;", at: index) { return ("'", 6) }
    case UInt8(ascii: "l"): if bytes.has("&lt;", at: index) { return ("<", 4) }
    case UInt8(ascii: "g"): if bytes.has("&gt;", at: index) { return (">", 4) }
    case UInt8(ascii: "q"): if bytes.has("&quot;", at: index) { return ("\"", 6) }
    case UInt8(ascii: "n"): if bytes.has("&nbsp;", at: index) { return ("\u{A0}", 6) }
    default: break
    }
    return nil
  }

  private static func number(
    in bytes: [UInt8], at start: Int
  ) -> (scalar: Unicode.Scalar?, length: Int)? {
    var index = start + 2
    var radix: UInt32 = 10
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "x") {
      radix = 16
      index += 1
    }
    let first = index
    var value: UInt32 = 0
    while index < bytes.count, index < first + 8,
      let digit = JSONDocument.hexadecimal(bytes[index]), digit < radix
    {
      // Eight digits stay below 2^32.
      value = value * radix + digit
      index += 1
    }
    guard index > first, index < bytes.count, bytes[index] == UInt8(ascii: ";") else { return nil }
    let length = index + 1 - start
    if value == 0 { return (nil, length) }
    if (0x80...0x9F).contains(value) { return (windows1252[Int(value - 0x80)], length) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  // What browsers make of the numbers 128 … 159; the five holes stay controls there and go here.
  private static let windows1252: [Unicode.Scalar?] = [
    "\u{20AC}", nil, "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
    "\u{02C6}", "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", nil, "\u{017D}", nil, nil,
    "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
    "\u{02DC}", "\u{2122}", "\u{0161}", "\u{203A}", "\u{0153}", nil, "\u{017E}", "\u{0178}",
  ]
}
