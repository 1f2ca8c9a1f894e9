/// Makes a corpus of clean lines, line by line.
///
/// It holds the sentences as ids and each type once; the lines themselves are let go.
package struct CorpusBuilder: Sendable {
  private let maxTokens: Int
  private let dropsRepeats: Bool
  private let seed: UInt64
  private var index = TypeIndex()
  private var ids: [Int32] = []  // numbers of the index, -1 for an unknown
  private var starts: [Int] = [0]
  private var hashes: [UInt64] = []  // of the sentences
  private var seen = HashSet64()
  private var facts = CorpusFacts()

  /// A builder; the seed tells which sentences are held out.
  package init(maxTokens: Int = 100, dropsRepeats: Bool = true, seed: UInt64 = 1) {
    precondition(maxTokens > 0, "a sentence needs room for 1 token or more, not \(maxTokens)")
    self.maxTokens = maxTokens
    self.dropsRepeats = dropsRepeats
    self.seed = seed
  }

  /// Sentences so far.
  package var sentenceCount: Int { hashes.count }

  /// Tokens so far.
  package var tokenCount: Int { ids.count }

  /// Counts lines that were left out before cleaning; the corpus is as if they had never been there.
  package mutating func exclude(lines: Int) { facts.excluded += lines }

  /// Adds a clean line, tokens between blanks.
  package mutating func add(_ line: String) {
    let bytes = line.utf8
    add(bytes.span)
  }

  /// Adds a clean line, tokens between blanks.
  ///
  /// A token that reads as one of the special ids counts as unknown.
  package mutating func add(_ line: Span<UInt8>) {
    facts.lines += 1
    let first = ids.count
    var tokens = 0
    var lineHash: UInt64 = 0
    var position = 0
    while position < line.count {
      let start = position
      var hash = TextHash()
      while position < line.count, line[position] != 0x20 {
        hash.take(line[position])
        position += 1
      }
      if position > start {
        let value = hash.value
        lineHash = TextHash.mix(lineHash ^ value)
        tokens += 1
        // The tokens behind the limit count in the hash, but make no types.
        if tokens <= maxTokens {
          ids.append(
            isSpecial(line, start..<position)
              ? -1 : index.number(of: line, start..<position, hash: value))
        }
      }
      position += 1
    }
    guard tokens > 0 else {
      facts.empty += 1
      return
    }
    // A repeated line has brought no new type: the first one did.
    if dropsRepeats, !seen.insert(lineHash) {
      facts.repeated += 1
      ids.removeLast(ids.count - first)
      return
    }
    if tokens > maxTokens {
      facts.cut += 1
      facts.tokensCut += tokens - maxTokens
    }
    facts.digest = TextHash.mix(facts.digest ^ lineHash)
    starts.append(ids.count)
    hashes.append(lineHash)
  }

  /// The corpus of all lines, with so many sentences held out: 1 % of them, at most 5,000, by default.
  ///
  /// Which sentences, their hashes tell, so that the same text is always on the same side. Equal
  /// sentences stay together, and may make the held-out part a little larger.
  package consuming func finish(heldOut wanted: Int? = nil) throws(CorpusError) -> Corpus {
    guard !hashes.isEmpty else { throw .empty(lines: facts.lines) }
    let wanted = wanted ?? min(5000, hashes.count / 100)
    let limit = holdOutLimit(wanted)
    let isHeldOut = hashes.map { hash in limit.map { place(hash) <= $0 } ?? false }
    guard isHeldOut.contains(false) else {
      throw .allHeldOut(sentences: hashes.count, heldOut: wanted)
    }
    let (types, newIDs) = renumber(isHeldOut)
    let (sentences, heldOut) = split(isHeldOut, newIDs)
    return Corpus(types: types, sentences: sentences, heldOut: heldOut, facts: facts)
  }

  private func isSpecial(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard line[range.lowerBound] == UInt8(ascii: "<"), range.count <= 5 else { return false }
    return TypeTable.specials.contains { special in
      special.count == range.count
        && special.indices.allSatisfy { line[range.lowerBound + $0] == special[$0] }
    }
  }

  private func place(_ hash: UInt64) -> UInt64 { TextHash.mix(hash ^ TextHash.mix(seed)) }

  /// The largest place of a held-out sentence; nil when none is held out.
  private func holdOutLimit(_ wanted: Int) -> UInt64? {
    guard wanted > 0 else { return nil }
    var places = hashes.map(place)
    places.sort()
    return places[min(wanted, places.count) - 1]
  }

  /// The types by falling count in training, equals by bytes, and the id of every number.
  private func renumber(_ isHeldOut: [Bool]) -> (types: TypeTable, newIDs: [Int32]) {
    var counts = [Int](repeating: 0, count: index.count)
    var unknown = 0
    for sentence in isHeldOut.indices where !isHeldOut[sentence] {
      for position in starts[sentence]..<starts[sentence + 1] {
        let number = Int(ids[position])
        if number < 0 { unknown += 1 } else { counts[number] += 1 }
      }
    }
    let index = index
    let order = counts.indices.sorted { first, second in
      guard counts[first] == counts[second] else { return counts[first] > counts[second] }
      return index.bytes(of: first).lexicographicallyPrecedes(index.bytes(of: second))
    }
    var types = TypeTable()
    types.reserve(types: order.count, bytes: index.arena.count)
    types.count(unknown: unknown)
    var newIDs = [Int32](repeating: 0, count: order.count)
    for (rank, number) in order.enumerated() {
      newIDs[number] = TypeTable.firstType + Int32(rank)
      types.append(index.bytes(of: number), occurrences: counts[number])
    }
    return (types, newIDs)
  }

  /// Moves the held-out sentences out of the others, which close up in their place.
  private mutating func split(
    _ isHeldOut: [Bool], _ newIDs: [Int32]
  ) -> (sentences: SentenceList, heldOut: SentenceList) {
    var heldOut = SentenceList()
    var ids: [Int32] = []
    swap(&ids, &self.ids)
    var end = 0
    var ends = [0]
    ends.reserveCapacity(starts.count)
    for sentence in isHeldOut.indices {
      let range = starts[sentence]..<starts[sentence + 1]
      for position in range {
        ids[position] = ids[position] < 0 ? TypeTable.unknown : newIDs[Int(ids[position])]
      }
      if isHeldOut[sentence] {
        heldOut.append(ids[range])
        continue
      }
      for position in range {
        ids[end] = ids[position]
        end += 1
      }
      ends.append(end)
    }
    ids.removeLast(ids.count - end)
    return (SentenceList(ids: ids, starts: ends), heldOut)
  }
}
