import ELMo
import Testing
import Training

struct CorpusBuilderTests {
  private static func corpus(
    _ lines: [String], maxTokens: Int = 100, dropsRepeats: Bool = true, heldOut: Int? = 0
  ) throws -> Corpus {
    var builder = CorpusBuilder(maxTokens: maxTokens, dropsRepeats: dropsRepeats)
    for line in lines { builder.add(line) }
    return try builder.finish(heldOut: heldOut)
  }

  private static func words(_ corpus: Corpus, _ sentence: ArraySlice<Int32>) -> String {
    sentence.map { String(decoding: corpus.types.bytes(of: $0), as: UTF8.self) }
      .joined(separator: " ")
  }

  @Test func `types are numbered by falling count, equals by their bytes`() throws {
    let corpus = try Self.corpus(["b a a", "c a b", "aa d"])
    let types = (0..<Int32(corpus.types.count)).map {
      String(decoding: corpus.types.bytes(of: $0), as: UTF8.self)
    }
    #expect(types == ["<S>", "</S>", "<UNK>", "a", "b", "aa", "c", "d"])
    #expect((3..<8).map { corpus.types.occurrences(of: $0) } == [3, 2, 1, 1, 1])
    #expect(Array(corpus.sentences[1]) == [6, 3, 4])
    #expect(corpus.types[0] == .begin)
    #expect(corpus.types[1] == .end)
    #expect(corpus.types[3] == .word([0x61]))
  }

  @Test func `blanks at the ends and between are no tokens`() throws {
    let corpus = try Self.corpus(["  a  b "])
    #expect(corpus.sentences.length(of: 0) == 2)
  }

  @Test func `empty, repeated and long lines are counted`() throws {
    let corpus = try Self.corpus(["a b c d", "", "  ", "x y", "a  b c d", "x y"], maxTokens: 3)
    #expect(corpus.sentences.count == 2)
    #expect(Self.words(corpus, corpus.sentences[0]) == "a b c")
    #expect(corpus.facts.lines == 6)
    #expect(corpus.facts.empty == 2)
    #expect(corpus.facts.repeated == 2)
    #expect(corpus.facts.cut == 1)
    #expect(corpus.facts.tokensCut == 1)
  }

  @Test func `repeats stay when they are wanted`() throws {
    let corpus = try Self.corpus(["x y", "x y"], dropsRepeats: false)
    #expect(corpus.sentences.count == 2)
    #expect(corpus.types.occurrences(of: 3) == 2)
  }

  @Test func `a token that reads as a special id is unknown`() throws {
    let corpus = try Self.corpus(["<S> a <UNK> </S> <s>"])
    #expect(Array(corpus.sentences[0]) == [2, 4, 2, 2, 3])
    #expect(corpus.types.occurrences(of: 2) == 3)
  }

  @Test func `text without a token is refused`() {
    #expect(throws: CorpusError.empty(lines: 2)) { try Self.corpus(["", " "]) }
  }

  @Test func `holding out everything is refused`() {
    #expect(throws: CorpusError.allHeldOut(sentences: 2, heldOut: 2)) {
      try Self.corpus(["a", "b"], heldOut: 2)
    }
  }

  private static let many = (0..<2000).map { "w\($0) common w\($0 / 2)" }

  @Test func `held-out sentences are out of training and their own types stand at the end`() throws
  {
    let corpus = try Self.corpus(Self.many, heldOut: 50)
    #expect(corpus.heldOut.count == 50)
    #expect(corpus.sentences.count == 1950)
    let training = Set((0..<1950).map { Array(corpus.sentences[$0]) })
    for sentence in 0..<50 { #expect(!training.contains(Array(corpus.heldOut[sentence]))) }
    let counts = (3..<Int32(corpus.types.count)).map { corpus.types.occurrences(of: $0) }
    #expect(counts == counts.sorted(by: >))
    #expect(counts[0] == 1950)
    #expect(counts.last == 0)
    let words = Set((0..<50).map { Self.words(corpus, corpus.heldOut[$0]) })
    #expect(words.isSubset(of: Self.many))
  }

  @Test func `which sentences are held out does not depend on their order`() throws {
    func heldOut(_ lines: [String]) throws -> Set<String> {
      let corpus = try Self.corpus(lines, heldOut: nil)
      return Set((0..<corpus.heldOut.count).map { Self.words(corpus, corpus.heldOut[$0]) })
    }
    let forward = try heldOut(Self.many)
    #expect(forward.count == 20)
    #expect(try heldOut(Self.many.reversed()) == forward)
  }

  @Test func `equal sentences are on the same side`() throws {
    let corpus = try Self.corpus(Self.many + Self.many, dropsRepeats: false, heldOut: 51)
    #expect(corpus.heldOut.count == 52)
    let training = Set(
      (0..<corpus.sentences.count).map { Self.words(corpus, corpus.sentences[$0]) })
    let held = Set((0..<52).map { Self.words(corpus, corpus.heldOut[$0]) })
    #expect(training.isDisjoint(with: held))
  }

  @Test func `another seed holds out other sentences`() throws {
    var builder = CorpusBuilder(seed: 2)
    for line in Self.many { builder.add(line) }
    let other = try builder.finish().heldOut
    #expect(other != (try Self.corpus(Self.many, heldOut: nil).heldOut))
  }

  @Test func `many types agree with a dictionary`() throws {
    var generator = SeededGenerator(seed: 7)
    var counts: [String: Int] = [:]
    let lines = (0..<30_000).map { _ in
      (0..<8).map { _ in
        let word = "t\(generator.draw(below: 40_000) * generator.draw(below: 3))"
        return word
      }.joined(separator: " ")
    }
    var seen: Set<String> = []
    for line in lines where seen.insert(line).inserted {
      for word in line.split(separator: " ") { counts[String(word), default: 0] += 1 }
    }
    let corpus = try Self.corpus(lines)
    #expect(corpus.types.count == counts.count + 3)
    let order = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    for (rank, entry) in order.enumerated() {
      let id = Int32(rank + 3)
      guard String(decoding: corpus.types.bytes(of: id), as: UTF8.self) == entry.key,
        corpus.types.occurrences(of: id) == entry.value
      else {
        Issue.record("type \(id) should be \(entry.key) with \(entry.value)")
        return
      }
    }
    #expect(Self.words(corpus, corpus.sentences[17]) == lines[17])
  }

  @Test func `the digest tells another order, and nothing else does`() throws {
    let first = try Self.corpus(Self.many).facts
    #expect(try Self.corpus(Self.many).facts == first)
    #expect(try Self.corpus(Self.many.reversed()).facts.digest != first.digest)
  }

  @Test func `a vocabulary has the most frequent types and reads as ELMo wants it`() throws {
    let types = try Self.corpus(["b a a", "c a b", "aa d"]).types
    let vocabulary = Vocabulary(of: types, atMost: 5)
    #expect(vocabulary.size == 5)
    #expect(vocabulary.target(of: 4) == 4)
    #expect(vocabulary.target(of: 5) == TypeTable.unknown)
    let text = vocabulary.text(of: types)
    #expect(String(decoding: text, as: UTF8.self) == "<S>\n</S>\n<UNK>\na\nb\n")
    #expect(Vocabulary.tokens(in: text).count == 5)
    #expect(Vocabulary(of: types, atMost: 100).size == 8)
    #expect(Vocabulary(of: types, atMost: 100, minimumCount: 2).size == 5)
    #expect(Vocabulary(of: types, atMost: 100, minimumCount: 9).size == 3)
  }

  @Test func `types of held-out sentences alone are not in the vocabulary`() throws {
    let corpus = try Self.corpus(Self.many, heldOut: 50)
    let vocabulary = Vocabulary(of: corpus.types, atMost: .max)
    #expect(vocabulary.size < corpus.types.count)
    #expect(corpus.types.occurrences(of: Int32(vocabulary.size)) == 0)
  }
}
