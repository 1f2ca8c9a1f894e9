/// The text of a page's fragment as a reader sees it; nothing in it is trusted.
///
/// Linear time, no recursion. Tags go; paragraphs are set apart by a blank line, `<br>` ends a line. Elements of the
/// class `invisible` go with their content, as readers do not see it, but for those inside of links: there it is the
/// beginning and the rest of a shortened address, which the cleaner must see whole to know it as one.
package enum HTMLText {
  /// The fragment as plain text, its entities decoded once.
  package static func plain(_ html: String) -> String {
    var reader = Reader(bytes: Array(html.utf8))
    reader.read()
    var output = reader.output
    while output.last == 0x0A { output.removeLast() }
    return HTMLEntities.decode(String(decoding: output, as: UTF8.self))
  }

  private struct Reader {
    let bytes: [UInt8]
    var output: [UInt8] = []
    /// Open elements inside of an invisible one, itself included; 0 outside.
    var hiddenDepth = 0
    var linkDepth = 0
    var isAfterParagraph = false
    var nextClosing = -1

    init(bytes: [UInt8]) {
      self.bytes = bytes
      output.reserveCapacity(bytes.count)
    }

    mutating func read() {
      var index = 0
      while index < bytes.count {
        if bytes[index] == UInt8(ascii: "<"), let end = tag(at: index) {
          index = end
        } else {
          take(bytes[index])
          index += 1
        }
      }
    }

    private mutating func take(_ byte: UInt8) {
      guard hiddenDepth == 0, byte != 0 else { return }
      if isAfterParagraph {
        isAfterParagraph = false
        if !output.isEmpty { output += [0x0A, 0x0A] }
      }
      output.append(byte)
    }

    /// Takes the tag at an opening bracket; the offset behind it, nil when it is none.
    private mutating func tag(at start: Int) -> Int? {
      if has("<!--", at: start) {
        return find("-->", from: start + 4).map { $0 + 3 } ?? bytes.count
      }
      var index = start + 1
      let isEnd = index < bytes.count && bytes[index] == UInt8(ascii: "/")
      if isEnd { index += 1 }
      let nameStart = index
      while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
      guard index > nameStart, let end = closing(from: index) else { return nil }
      let name = String(decoding: bytes[nameStart..<index].map { $0 | 0x20 }, as: UTF8.self)
      let attributes = bytes[index..<end]
      if !isEnd, name == "script" || name == "style" {
        guard let last = find("</\(name)", from: end) else { return bytes.count }
        return closing(from: last).map { $0 + 1 } ?? bytes.count
      }
      apply(name, isEnd: isEnd, attributes)
      return end + 1
    }

    private mutating func apply(_ name: String, isEnd: Bool, _ attributes: ArraySlice<UInt8>) {
      switch name {
      case "br": if !isEnd { take(0x0A) }
      case "p":
        if isEnd, hiddenDepth == 0 { isAfterParagraph = true }
      case "a":
        linkDepth = isEnd ? max(0, linkDepth - 1) : min(linkDepth + 1, 64)
      case "span":
        if isEnd {
          hiddenDepth = max(0, hiddenDepth - 1)
        } else if hiddenDepth > 0 {
          hiddenDepth += 1
        } else if linkDepth == 0, classes(attributes).contains("invisible") {
          hiddenDepth = 1
        }
      default: break
      }
    }

    /// The next closing bracket; nil when there is none. Each is looked for once: a thousand opening brackets before it
    /// cost no more than one.
    private mutating func closing(from start: Int) -> Int? {
      if nextClosing < start {
        nextClosing = bytes[start...].firstIndex(of: UInt8(ascii: ">")) ?? Int.max
      }
      return nextClosing == Int.max ? nil : nextClosing
    }

    private func classes(_ attributes: ArraySlice<UInt8>) -> [Substring] {
      let text = String(decoding: attributes, as: UTF8.self)
      guard let range = text.firstRange(of: "class=") else { return [] }
      let value = text[range.upperBound...]
      guard let quote = value.first, quote == "\"" || quote == "'" else { return [] }
      return value.dropFirst().prefix { $0 != quote }.split(separator: " ")
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    private func has(_ word: StaticString, at index: Int) -> Bool { bytes.has(word, at: index) }

    private func find(_ word: String, from start: Int) -> Int? {
      let wanted = Array(word.utf8)
      guard bytes.count >= wanted.count, start <= bytes.count - wanted.count else { return nil }
      for index in start...bytes.count - wanted.count
      where bytes[index] | 0x20 == wanted[0] | 0x20 {
        if (0..<wanted.count).allSatisfy({ bytes[index + $0] | 0x20 == wanted[$0] | 0x20 }) {
          return index
        }
      }
      return nil
    }
  }
}
