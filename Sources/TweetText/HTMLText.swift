/// The text of the HTML that servers of the fediverse make of a post, in one pass and in linear time.
///
/// The server may be anybody's, so nothing is taken for granted: tags need not be closed, known or nested well.
package struct HTMLText {
  private let bytes: [UInt8]
  private var output: [UInt8] = []
  private var index = 0
  /// Line ends that come before the next text, if there is one.
  private var breaks = 0
  /// The last `>`: behind it no tag can end.
  private let lastClose: Int
  /// True once a tag was not closed outside of its quotes; from then on quotes are not believed, so that
  /// the input is not searched again and again.
  private var ignoresQuotes = false
  /// The element whose content is dropped, and how many of its name are open in it.
  private var dropped: (name: [UInt8], depth: Int)?
  /// True after the beginning of an anchor, until something comes in it.
  private var isAnchorStart = false
  /// True in an anchor whose text is its address, cut in pieces for the eye.
  private var isAddress = false
  /// True after such an anchor: what follows is no part of the address.
  private var isAfterAddress = false

  /// The text of a post: `<br>` is a line end, a new paragraph an empty line, other tags, comments and what is
  /// marked `invisible` are dropped, and references are decoded once.
  ///
  /// A link is an exception to `invisible`. Mastodon shows `example.com/a`, with `https://` and a long tail as
  /// invisible pieces beside it; of the visible piece the cleaner would make words and the topics terms. With
  /// all pieces it is one address, as the author wrote it, and the cleaner makes `link` of it.
  package static func plain(_ html: String) -> String {
    var text = HTMLText(Array(html.utf8))
    text.read()
    return String(decoding: text.output, as: UTF8.self)
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    lastClose = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
    output.reserveCapacity(bytes.count)
  }

  private mutating func read() {
    var start = index
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count,
        HTMLTag.begins(bytes[index + 1], index + 2 < bytes.count ? bytes[index + 2] : nil),
        let end = endOfMarkup(from: index + 1)
      else {
        index += 1
        continue
      }
      append(start..<index)
      let inner = bytes[index + 1..<end.inner]
      index = end.next
      if inner.first != UInt8(ascii: "!"), inner.first != UInt8(ascii: "?") { meet(HTMLTag(inner)) }
      start = index
    }
    append(start..<bytes.count)
  }

  /// Where the tag or comment that began before `start` ends, and where the text goes on; nil when it is none.
  private mutating func endOfMarkup(from start: Int) -> (inner: Int, next: Int)? {
    if bytes.has("!--", at: start) {
      // As in browsers, a comment that is never closed takes all the rest.
      let end = find("-->", from: start + 1) ?? bytes.count
      return (end, min(end + 3, bytes.count))
    }
    guard start < lastClose else { return nil }
    if !ignoresQuotes {
      if let end = endOfTag(from: start) { return (end, end + 1) }
      ignoresQuotes = true
    }
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
    return (end, end + 1)
  }

  /// The first `>` outside of a quoted value.
  private func endOfTag(from start: Int) -> Int? {
    var quote: UInt8?
    var isValue = false
    for index in start..<lastClose + 1 {
      let byte = bytes[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: ">") {
        return index
      } else if isValue, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
      if !HTMLTag.isSpace(byte) { isValue = byte == UInt8(ascii: "=") }
    }
    return nil
  }

  private func find(_ word: StaticString, from start: Int) -> Int? {
    (start..<max(start, bytes.count)).first { bytes.has(word, at: $0) }
  }

  private mutating func meet(_ tag: HTMLTag) {
    if let open = dropped, !leaves(open, tag) { return }
    let wasAnchorStart = isAnchorStart
    isAnchorStart = false
    switch tag.role {
    case .lineBreak:
      output.append(UInt8(ascii: "\n"))
      isAfterAddress = false
    case .paragraph:
      endAddress()
      breaks = max(breaks, tag.isEnd ? 1 : 2)
    case .block:
      endAddress()
      breaks = max(breaks, 1)
    case .anchor:
      endAddress()
      isAnchorStart = !tag.isEnd
    case .hidden:
      if !tag.isEnd { skip(to: tag.name) }
    case .other: break
    }
    guard tag.isInvisible, !tag.isEnd, !tag.isVoid else { return }
    if wasAnchorStart, beginsAddress(at: index) { isAddress = true }
    if !isAddress { dropped = (tag.name, 1) }
  }

  /// Counts a tag within a dropped element; true when the tag ends it and has to be looked at itself.
  private mutating func leaves(_ open: (name: [UInt8], depth: Int), _ tag: HTMLTag) -> Bool {
    if tag.role == .paragraph, tag.isEnd {  // It ends whatever was left open in the paragraph.
      dropped = nil
      return true
    }
    guard tag.name == open.name else { return false }
    let depth = open.depth + (tag.isEnd ? -1 : 1)
    dropped = depth > 0 ? (open.name, depth) : nil
    return false
  }

  /// Goes on behind the end of an element whose content is no text; one that is never closed takes all the rest.
  private mutating func skip(to name: [UInt8]) {
    while let end = find("</", from: index), end < lastClose {
      index = end + 2
      guard index + name.count <= bytes.count,
        bytes[index..<index + name.count].map(HTMLTag.lower) == name,
        let close = bytes[index...].firstIndex(of: UInt8(ascii: ">"))
      else { continue }
      index = close + 1
      return
    }
    index = bytes.count
  }

  private func beginsAddress(at start: Int) -> Bool {
    let head = bytes[start..<min(start + 8, bytes.count)].map(HTMLTag.lower)
    return head.has("https://", at: 0) || head.has("http://", at: 0)
  }

  private mutating func endAddress() {
    if isAddress { isAfterAddress = true }
    isAddress = false
  }

  private mutating func append(_ range: Range<Int>) {
    var range = range
    if breaks > 0 {
      while let first = range.first, HTMLTag.isSpace(bytes[first]) { range.removeFirst() }
    }
    guard !range.isEmpty, dropped == nil else { return }
    isAnchorStart = false
    if breaks > 0, !output.isEmpty {
      output.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: breaks))
    } else if isAfterAddress, !HTMLTag.isSpace(bytes[range.lowerBound]) {
      output.append(0x20)
    }
    breaks = 0
    isAfterAddress = false
    var run = Array(bytes[range])
    // Each stretch by itself: a reference does not reach across a tag.
    HTMLEntities.decode(&run)
    output.append(contentsOf: run)
  }
}
