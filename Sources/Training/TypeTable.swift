package import ELMo

/// The distinct token types of a corpus by id: the boundaries, the unknown, then all by falling count.
package struct TypeTable: Sendable, Equatable {
  /// The id of `<S>`.
  package static let begin: Int32 = 0
  /// The id of `</S>`.
  package static let end: Int32 = 1
  /// The id of `<UNK>`, the target in the place of every type outside the vocabulary.
  package static let unknown: Int32 = 2
  /// The first id of a type of the corpus.
  package static let firstType: Int32 = 3
  /// What the ids below `firstType` read in a vocabulary file.
  package static let specials: [[UInt8]] = ["<S>", "</S>", "<UNK>"].map { Array($0.utf8) }

  private var arena: [UInt8]
  private var starts: [Int]  // one more than there are ids
  private var counts: [Int]

  /// A table of the three special ids, none of which occurs.
  package init() {
    arena = Array(TypeTable.specials.joined())
    starts = TypeTable.specials.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    counts = [0, 0, 0]
  }

  /// How many ids there are.
  package var count: Int { counts.count }

  /// The network's token of an id; the type's own bytes, whether it is in the vocabulary or not.
  package subscript(id: Int32) -> ELMoToken {
    switch id {
    case TypeTable.begin: .begin
    case TypeTable.end: .end
    default: .word(Array(bytes(of: id)))
    }
  }

  /// The bytes of a type.
  package func bytes(of id: Int32) -> ArraySlice<UInt8> {
    precondition((0..<count).contains(Int(id)), "type \(id) of \(count)")
    return arena[starts[Int(id)]..<starts[Int(id) + 1]]
  }

  /// How often a type occurs in the training sentences; 0 for one of held-out sentences alone.
  package func occurrences(of id: Int32) -> Int {
    precondition((0..<count).contains(Int(id)), "type \(id) of \(count)")
    return counts[Int(id)]
  }

  /// Appends a type; types are appended by falling count.
  package mutating func append(_ bytes: ArraySlice<UInt8>, occurrences: Int) {
    arena.append(contentsOf: bytes)
    starts.append(arena.count)
    counts.append(occurrences)
  }

  mutating func reserve(types: Int, bytes: Int) {
    arena.reserveCapacity(arena.count + bytes)
    starts.reserveCapacity(starts.count + types)
    counts.reserveCapacity(counts.count + types)
  }

  mutating func count(unknown occurrences: Int) { counts[Int(TypeTable.unknown)] = occurrences }
}
