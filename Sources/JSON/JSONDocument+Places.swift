extension JSONDocument {
  /// The value to which the names lead from a node: members of objects, numbers of elements of arrays.
  package func value(at names: [String], of node: JSONNode) -> JSONNode? {
    var node = node
    for name in names {
      guard let next = value(named: name, of: node) else { return nil }
      node = next
    }
    return node
  }

  /// The members of an object in order, duplicates included; nothing for any other value.
  package func members(of node: JSONNode) -> [(name: String, value: JSONNode)] {
    guard kind(of: node) == .object else { return [] }
    var members: [(name: String, value: JSONNode)] = []
    members.reserveCapacity(count(of: node))
    var index = node.index + 1
    let end = Int(tape[node.index].next)
    while index < end {
      members.append((decodedString(tape[index]), JSONNode(index: index + 1)))
      index = Int(tape[index + 1].next)
    }
    return members
  }

  /// What an object of MongoDB's extended JSON such as `{"$date": …}` holds; any other value is itself.
  package func plainValue(of node: JSONNode) -> JSONNode {
    var node = node
    // A date holds a number in an object of its own; nothing is nested deeper.
    for _ in 0..<2 {
      guard kind(of: node) == .object, count(of: node) == 1 else { return node }
      let keys: [StaticString] = ["$date", "$numberLong", "$numberInt", "$numberDouble", "$oid"]
      guard let inner = keys.lazy.compactMap({ self.member($0, of: node) }).first else {
        return node
      }
      node = inner
    }
    return node
  }

  private func value(named name: String, of node: JSONNode) -> JSONNode? {
    switch kind(of: node) {
    case .object: return member(named: Array(name.utf8), of: node)
    case .array:
      guard let number = Int(name), number >= 0, number < count(of: node) else { return nil }
      var elements = elements(of: node)
      for _ in 0..<number { _ = elements.next() }
      return elements.next()
    default: return nil
    }
  }

  /// The value of a member whose name is known only at run time; of duplicates the last.
  private func member(named name: [UInt8], of node: JSONNode) -> JSONNode? {
    var found: JSONNode?
    var index = node.index + 1
    let end = Int(tape[node.index].next)
    while index < end {
      let entry = tape[index]
      let isIt =
        entry.isPlain
        ? bytes[Int(entry.start)..<Int(entry.end)].elementsEqual(name)
        : decodedString(entry).utf8.elementsEqual(name)
      if isIt { found = JSONNode(index: index + 1) }
      index = Int(tape[index + 1].next)
    }
    return found
  }
}
