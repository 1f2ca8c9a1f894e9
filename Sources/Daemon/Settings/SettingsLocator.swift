/// Finds the lines on which the keys of a TOML document stand, which TOMLKit does not tell.
///
/// It reads structure only and trusts that the text was already found to be TOML: on anything
/// that it does not understand it moves on by a byte, so it always ends.
package struct SettingsLocator {
  private var lines: [SettingsPath: Int] = [:]
  private let bytes: [UInt8]
  private var at = 0
  private var line = 1
  private var tableCounts: [SettingsPath: Int] = [:]

  /// Reads the whole text once.
  package init(_ text: String) {
    bytes = Array(text.utf8)
    readDocument()
  }

  /// The line, from 1, of the value at the path, or of the nearest table or list around it.
  package func line(of path: SettingsPath) -> Int {
    var path = path
    while !path.steps.isEmpty {
      if let line = lines[path] { return line }
      path = path.parent
    }
    return 1
  }

  private mutating func note(_ path: SettingsPath, _ line: Int) {
    if lines[path] == nil { lines[path] = line }
  }

  private mutating func readDocument() {
    var table = SettingsPath()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    while skipBlank() {
      if peek == UInt8(ascii: "[") {
        table = readHeader()
      } else {
        readPair(in: table)
      }
    }
  }

  /// `[a.b]` or `[[a.b]]`; the path of the table that begins.
  private mutating func readHeader() -> SettingsPath {
    let start = line
    at += 1
    let isElement = peek == UInt8(ascii: "[")
    if isElement { at += 1 }
    let names = readKey()
    var path = SettingsPath()
    for (position, name) in names.enumerated() {
      path = path.key(name)
      note(path, start)
      let isLast = position == names.count - 1
      if isElement && isLast {
        let index = tableCounts[path, default: 0]
        tableCounts[path] = index + 1
        path = path.index(index)
        note(path, start)
      } else if let count = tableCounts[path] {
        path = path.index(count - 1)
      }
    }
    skipLine()
    return path
  }

  private mutating func readPair(in table: SettingsPath) {
    let start = line
    let before = at
    var path = table
    for name in readKey() {
      path = path.key(name)
      note(path, start)
    }
    skipInlineBlank()
    if peek == UInt8(ascii: "=") {
      at += 1
      skipInlineBlank()
      readValue(path)
    }
    if at == before { at += 1 }
  }

  private mutating func readValue(_ path: SettingsPath) {
    switch peek {
    case UInt8(ascii: "{"):
      at += 1
      while skipBlank(orCommas: true), peek != UInt8(ascii: "}") { readPair(in: path) }
      at += 1
    case UInt8(ascii: "["):
      at += 1
      var index = 0
      while skipBlank(orCommas: true), peek != UInt8(ascii: "]") {
        note(path.index(index), line)
        let before = at
        readValue(path.index(index))
        if at == before { at += 1 }
        index += 1
      }
      at += 1
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      _ = readQuoted()
    default:
      while let byte = peek, !",]}#\n".utf8.contains(byte) { at += 1 }
    }
  }

  /// A bare, quoted or dotted key as its names.
  private mutating func readKey() -> [String] {
    var names: [String] = []
    while true {
      skipInlineBlank()
      if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
        names.append(readQuoted())
      } else {
        let start = at
        while let byte = peek, !" \t.=]#\n\r".utf8.contains(byte) { at += 1 }
        names.append(String(decoding: bytes[start..<at], as: UTF8.self))
      }
      skipInlineBlank()
      guard peek == UInt8(ascii: ".") else { return names }
      at += 1
    }
  }

  /// A string of any of the four kinds; the text between the quotes, escapes left as they are.
  private mutating func readQuoted() -> String {
    guard let quote = peek else { return "" }
    let isLong = bytes[at...].starts(with: [quote, quote, quote])
    let width = isLong ? 3 : 1
    at += width
    let start = at
    while let byte = peek {
      if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
        at += 1
        if peek == UInt8(ascii: "\n") { line += 1 }
        at = min(at + 1, bytes.count)
        continue
      }
      if byte == UInt8(ascii: "\n") {
        guard isLong else { break }
        line += 1
      }
      if byte == quote, !isLong || bytes[at...].starts(with: [quote, quote, quote]) { break }
      at += 1
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    at = min(at + width, bytes.count)
    // Up to two more quotes may belong to the end of a long string.
    while isLong, peek == quote { at += 1 }
    return text
  }

  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipInlineBlank() {
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { at += 1 }
  }

  private mutating func skipLine() {
    while let byte = peek, byte != UInt8(ascii: "\n") { at += 1 }
  }

  /// Skips blanks, line ends and comments; false at the end of the text.
  private mutating func skipBlank(orCommas: Bool = false) -> Bool {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        at += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        at += 1
      case UInt8(ascii: ",") where orCommas:
        at += 1
      case UInt8(ascii: "#"):
        skipLine()
      default:
        return true
      }
    }
    return false
  }
}
