/// A tag of HTML as far as its text depends on it.
struct HTMLTag {
  /// What an element does to the text around it.
  enum Role {
    case lineBreak, paragraph, block, anchor, hidden, other
  }

  /// The bytes of the name, in lower case.
  private(set) var name: [UInt8] = []
  /// True for `</…>`.
  let isEnd: Bool
  /// True when its class says that readers do not see it.
  private(set) var isInvisible = false

  /// The tag between `<` and `>`, both not included.
  init(_ inner: ArraySlice<UInt8>) {
    isEnd = inner.first == UInt8(ascii: "/")
    var rest = isEnd ? inner.dropFirst() : inner
    let end = rest.firstIndex { HTMLTag.isSpace($0) || $0 == UInt8(ascii: "/") } ?? rest.endIndex
    // No name that matters is longer.
    name = rest[..<end].prefix(16).map(HTMLTag.lower)
    rest = rest[end...]
    if !isEnd { isInvisible = HTMLTag.hasInvisibleClass(rest) }
  }

  /// True when a tag begins with these bytes after its `<`; a comparison, a heart and an arrow do not.
  static func begins(_ byte: UInt8, _ next: UInt8?) -> Bool {
    if byte == UInt8(ascii: "/") { return next.map { isLetter($0) } ?? false }
    return isLetter(byte) || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
  }

  /// What the element does to the text.
  var role: Role {
    switch String(decoding: name, as: UTF8.self) {
    case "br": .lineBreak
    case "p": .paragraph
    case "a": .anchor
    case "script", "style": .hidden
    case "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figure", "footer",
      "h1",
      "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "pre", "section", "table",
      "tr",
      "ul":
      .block
    default: .other
    }
  }

  /// True for an element that has no content and no end.
  var isVoid: Bool {
    switch String(decoding: name, as: UTF8.self) {
    case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
      "track",
      "wbr":
      true
    default: false
    }
  }

  /// Looks for the word `invisible` in the value of the first attribute `class`.
  private static func hasInvisibleClass(_ attributes: ArraySlice<UInt8>) -> Bool {
    var index = attributes.startIndex
    while index < attributes.endIndex {
      let start = index
      while index < attributes.endIndex, !isSpace(attributes[index]),
        attributes[index] != UInt8(ascii: "=")
      { index += 1 }
      let name = attributes[start..<index]
      while index < attributes.endIndex, isSpace(attributes[index]) { index += 1 }
      guard index < attributes.endIndex, attributes[index] == UInt8(ascii: "=") else {
        continue
      }
      index += 1
      while index < attributes.endIndex, isSpace(attributes[index]) { index += 1 }
      let value = value(in: attributes, at: &index)
      if name.count == 5, name.map(lower) == Array("class".utf8) {
        return value.split(whereSeparator: isSpace).contains { $0.elementsEqual("invisible".utf8) }
      }
    }
    return false
  }

  /// An attribute's value, quoted or not; goes behind it.
  private static func value(
    in attributes: ArraySlice<UInt8>, at index: inout Int
  ) -> ArraySlice<UInt8> {
    guard index < attributes.endIndex else { return [] }
    let quote = attributes[index]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      let start = index
      while index < attributes.endIndex, !isSpace(attributes[index]) { index += 1 }
      return attributes[start..<index]
    }
    let start = index + 1
    let end = attributes[start...].firstIndex(of: quote) ?? attributes.endIndex
    index = min(end + 1, attributes.endIndex)
    return attributes[start..<end]
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
