/// One JSON text as a flat tape of values over the original bytes.
///
/// The parser is iterative and strict; strings and numbers stay undecoded until they are asked for, and the
/// tape's memory is used again for the next text.
package struct JSONDocument: Sendable {
  /// What a value is.
  package enum Kind: UInt8, Sendable {
    case object, array, string, number, `true`, `false`, null
  }

  /// The deepest nesting of objects and arrays that is accepted.
  package static let depthLimit = 64

  /// One value or key on the tape.
  struct Entry {
    /// The container's bracket, the byte after a string's quote, or the first byte of anything else.
    var start: UInt32
    /// Containers: how many members or elements; else the offset after the last byte.
    var end: UInt32
    /// The place on the tape of what follows the whole value.
    var next: UInt32
    var kind: Kind
    /// Strings: neither escapes nor NUL, the bytes are the text.
    var isPlain: Bool
  }

  var bytes: [UInt8] = []
  var tape: [Entry] = []

  /// A document that holds `null` until something is parsed.
  package init() { clear() }

  /// A parsed document.
  package init(_ bytes: [UInt8]) throws(JSONError) { try parse(bytes) }

  /// Replaces the content by that of another text; after an error the document holds `null`.
  package mutating func parse(_ text: [UInt8]) throws(JSONError) {
    bytes = text
    do throws(JSONError) {
      try JSONDocument.parse(text.span, onto: &tape)
    } catch {
      clear()
      throw error
    }
  }

  private mutating func clear() {
    bytes = []
    tape.removeAll(keepingCapacity: true)
    tape.append(Entry(start: 0, end: 0, next: 1, kind: .null, isPlain: true))
  }

  /// The outermost value.
  package var root: JSONNode { JSONNode(index: 0) }

  /// What the value is.
  package func kind(of node: JSONNode) -> Kind { tape[node.index].kind }

  /// Members of an object, duplicates included, or elements of an array; 0 for anything else.
  package func count(of node: JSONNode) -> Int {
    let entry = tape[node.index]
    return entry.kind == .object || entry.kind == .array ? Int(entry.end) : 0
  }

  /// The value of a member; of duplicates the last; nil where there is none or the node is no object.
  package func member(_ key: StaticString, of node: JSONNode) -> JSONNode? {
    let object = tape[node.index]
    guard object.kind == .object else { return nil }
    let length = UInt32(key.utf8CodeUnitCount)
    var found: JSONNode?
    var index = node.index + 1
    let end = Int(object.next)
    while index < end {
      let name = tape[index]
      if name.isPlain
        ? name.end - name.start == length && matches(name, key) : decodes(name, to: key)
      {
        found = JSONNode(index: index + 1)
      }
      index = Int(tape[index + 1].next)
    }
    return found
  }

  /// The value of a member when it is of that kind.
  package func member(_ key: StaticString, _ kind: Kind, of node: JSONNode) -> JSONNode? {
    guard let value = member(key, of: node), self.kind(of: value) == kind else { return nil }
    return value
  }

  /// The elements of an array, nothing for any other value.
  package func elements(of node: JSONNode) -> JSONElements {
    let entry = tape[node.index]
    let end = entry.kind == .array ? Int(entry.next) : 0
    return JSONElements(document: self, index: node.index + 1, end: end)
  }

  private func matches(_ name: Entry, _ key: StaticString) -> Bool {
    // A static string's code units live as long as the program, and the caller compared the lengths.
    let wanted = unsafe UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
    let start = Int(name.start)
    for index in 0..<wanted.count where unsafe wanted[index] != bytes[start + index] {
      return false
    }
    return true
  }

  private func decodes(_ name: Entry, to key: StaticString) -> Bool {
    decodedString(name) == key.description
  }
}

/// The place of a value in the document that gave it.
package struct JSONNode: Sendable, Hashable {
  let index: Int
}

/// The elements of an array, in order.
package struct JSONElements: Sequence, IteratorProtocol {
  let document: JSONDocument
  var index: Int
  let end: Int

  /// The next element.
  package mutating func next() -> JSONNode? {
    guard index < end else { return nil }
    defer { index = Int(document.tape[index].next) }
    return JSONNode(index: index)
  }
}
