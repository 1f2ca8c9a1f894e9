package import Tweets

/// Finds the topics of a text: built once, then linear in the text however many topics there are.
///
/// Case is ignored, and so is the way an accent is written. A word matches as a whole word or as a
/// whole word of a hashtag (`gop` matches `GOP` and `#GOP`, not `#gopdebate` and not `@gop`); `#tag`,
/// `$tag` and `@name` match only themselves; the words of a phrase stand side by side, whatever blanks
/// and punctuation lie between them. A word with signs (`C++`, `.NET`, `AT&T`) is found as it is written. A pictograph matches itself in every skin
/// tone; one with a skin tone matches this tone alone.
package struct TopicMatcher: Sendable {
  /// How many rule tags of one tweet are counted as topics; the rest are ignored.
  package static let mostTags = 16

  /// The sources whose tags are topics; nil for all of them.
  package let tagSources: Set<String>?
  /// The topics in the order given; names occur once.
  package let topics: [Topic]

  // A trie over terms: `edges[node]` leads on, `ends[node]` lists the topics complete there.
  private var edges: [[Int32: Int]] = [[:]]
  private var ends: [[Int]] = [[]]
  private var vocabulary: [String: Int32] = [:]
  private var signed = SignedWords()

  /// A matcher for the topics; patterns of topics with the same name are joined.
  package init(_ topics: [Topic], tagSources: Set<String>? = nil) {
    self.topics = topics
    self.tagSources = tagSources
    for (index, topic) in topics.enumerated() {
      for pattern in topic.match {
        if let pattern = try? TopicPattern(pattern) { insert(pattern, topic: index) }
      }
    }
  }

  private mutating func insert(_ pattern: TopicPattern, topic: Int) {
    var node = 0
    for term in pattern.terms {
      let fresh = Int32(truncatingIfNeeded: vocabulary.count)
      let id = vocabulary[term.text] ?? fresh
      vocabulary[term.text] = id
      if case .signed(let word) = term { signed.insert(word, number: Int(id)) }
      if let next = edges[node][id] {
        node = next
      } else {
        edges.append([:])
        ends.append([])
        edges[node][id] = edges.count - 1
        node = edges.count - 1
      }
    }
    if !ends[node].contains(topic) { ends[node].append(topic) }
  }

  /// The names of the topics whose patterns the text has, in the order of `topics`, each once.
  package func topics(in text: String) -> [String] {
    guard !topics.isEmpty else { return [] }
    var found = Set<Int>()
    var active: [Int] = []  // Nodes reached by the terms that end just here.
    var delayed: [(end: Int, node: Int)] = []  // Nodes reached by words with signs that end there.
    var scanner = TermScanner(text, signed: signed)
    while let term = scanner.next() {
      for word in scanner.takeFound() {
        for node in active + [0] {
          guard let next = edges[node][Int32(truncatingIfNeeded: word.number)] else { continue }
          found.formUnion(ends[next])
          if !edges[next].isEmpty { delayed.append((word.end, next)) }
        }
      }
      if !delayed.isEmpty {
        active += delayed.filter { $0.end <= term.start }.map(\.node)
        delayed.removeAll { $0.end <= term.start }
      }
      let word = term.word.flatMap { vocabulary[$0] }
      let tag = term.tag.flatMap { vocabulary[$0] }
      if word == nil && tag == nil {
        active.removeAll(keepingCapacity: true)
        continue
      }
      var reached: [Int] = []
      for node in active + [0] {
        if let word, let next = edges[node][word] { reached.append(next) }
        if let tag, let next = edges[node][tag] { reached.append(next) }
      }
      for node in reached { found.formUnion(ends[node]) }
      active = reached.filter { !edges[$0].isEmpty }
    }
    var names: [String] = []
    for index in found.sorted() where !names.contains(topics[index].name) {
      names.append(topics[index].name)
    }
    return names
  }

  /// The topics of a tweet besides `all`: those its text matches, then the tags of its stream rules, where the source's
  /// tags are topics.
  package func topics(of tweet: Tweet, from source: String) -> [String] {
    var names = topics(in: tweet.text)
    guard tagSources?.contains(source) ?? true else { return names }
    var tags = 0
    for tag in tweet.tags where tags < TopicMatcher.mostTags {
      guard Topic.isUsable(name: tag) else { continue }
      tags += 1
      if !names.contains(tag) { names.append(tag) }
    }
    return names
  }
}
