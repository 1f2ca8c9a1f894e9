/// Sentences as type ids, one after another in flat memory; no boundary ids among them.
package struct SentenceList: Sendable, Equatable {
  private var ids: [Int32]
  private var starts: [Int]  // one more than there are sentences

  /// A list of no sentences.
  package init() {
    ids = []
    starts = [0]
  }

  /// A list of these sentences.
  package init(_ sentences: some Sequence<[Int32]>) {
    self.init()
    for sentence in sentences { append(sentence[...]) }
  }

  init(ids: [Int32], starts: [Int]) {
    precondition(
      starts.first == 0 && starts.last == ids.count,
      "sentences from \(starts.first ?? -1) to \(starts.last ?? -1) of \(ids.count) ids")
    self.ids = ids
    self.starts = starts
  }

  /// How many sentences there are.
  package var count: Int { starts.count - 1 }

  /// The tokens of all sentences.
  package var tokenCount: Int { ids.count }

  /// The ids of a sentence.
  package subscript(index: Int) -> ArraySlice<Int32> {
    precondition((0..<count).contains(index), "sentence \(index) of \(count)")
    return ids[starts[index]..<starts[index + 1]]
  }

  /// The tokens of a sentence.
  package func length(of index: Int) -> Int {
    precondition((0..<count).contains(index), "sentence \(index) of \(count)")
    return starts[index + 1] - starts[index]
  }

  /// Appends a sentence.
  package mutating func append(_ sentence: ArraySlice<Int32>) {
    ids.append(contentsOf: sentence)
    starts.append(ids.count)
  }

  /// Copies of some sentences, as a batch's rows.
  package func rows(_ indices: ArraySlice<Int32>) -> [[Int32]] {
    indices.map { Array(self[Int($0)]) }
  }
}
