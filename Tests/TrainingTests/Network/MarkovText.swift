import Foundation
import Training

/// Sentences of a first-order Markov chain over 30 words: each word has three that mostly follow it.
struct MarkovText {
  private static let words = "bcdfgklmnp".flatMap { first in "aei".map { "\(first)\($0)" } }
  private static let end = 0.15  // after each word
  private static let stray = 0.1  // of what goes on: any word follows

  private let followers: [[Int]]
  let corpus: Corpus
  private let held: [[Int]]

  init(sentences: Int, heldOut: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let followers = Self.words.indices.map { _ in
      var all = Array(Self.words.indices)
      generator.shuffle(&all)
      return Array(all[..<3])
    }
    func sentence() -> [Int] {
      var words = [generator.draw(below: Self.words.count)]
      while generator.uniform() >= Self.end {
        words.append(
          generator.uniform() < Self.stray
            ? generator.draw(below: Self.words.count)
            : followers[words[words.count - 1]][generator.draw(below: 3)])
      }
      return words
    }
    let training = (0..<sentences).map { _ in sentence() }
    held = (0..<heldOut).map { _ in sentence() }
    self.followers = followers
    var counts = [Int](repeating: 0, count: Self.words.count)
    for word in training.joined() { counts[word] += 1 }
    var types = TypeTable()
    var ids = [Int32](repeating: 0, count: Self.words.count)
    for word in counts.indices.sorted(by: { (counts[$0], $1) > (counts[$1], $0) }) {
      ids[word] = Int32(types.count)
      types.append(ArraySlice(Array(Self.words[word].utf8)), occurrences: counts[word])
    }
    corpus = Corpus(
      types: types, sentences: SentenceList(training.map { $0.map { ids[$0] } }),
      heldOut: SentenceList(held.map { $0.map { ids[$0] } }))
  }

  /// The perplexity of the held-out sentences to one who knows the chain, word by word to the right.
  var leastPerplexity: Double {
    var loss = 0.0
    var positions = 0
    for sentence in held {
      loss -= log(1 / Double(Self.words.count)) + log(Self.end)
      for (word, next) in zip(sentence, sentence.dropFirst()) {
        let follows = followers[word].contains(next) ? (1 - Self.stray) / 3 : 0
        loss -= log((1 - Self.end) * (follows + Self.stray / Double(Self.words.count)))
      }
      positions += sentence.count + 1
    }
    return exp(loss / Double(positions))
  }

  /// The perplexity of the held-out sentences to one who knows how often each word occurs.
  var unigramPerplexity: Double {
    let ends = Double(corpus.sentences.count)
    let total = Double(corpus.sentences.tokenCount) + ends
    var loss = 0.0
    var positions = 0
    for index in 0..<corpus.heldOut.count {
      for id in corpus.heldOut[index] {
        loss -= log(Double(corpus.types.occurrences(of: id)) / total)
      }
      loss -= log(ends / total)
      positions += corpus.heldOut.length(of: index) + 1
    }
    return exp(loss / Double(positions))
  }
}
