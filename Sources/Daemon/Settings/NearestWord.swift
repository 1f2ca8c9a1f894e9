/// Finds the word that was probably meant.
package enum NearestWord {
  /// The candidate with the fewest edits to `word`; nil when even that is far away.
  package static func find(_ word: String, among candidates: [String]) -> String? {
    let allowed = max(1, word.count / 3 + (word.count > 3 ? 1 : 0))
    let near = candidates.sorted().map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
    guard let near, near.0 <= allowed else { return nil }
    return near.1
  }

  /// Insertions, deletions, replacements and swaps of neighbours between two words.
  package static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.lowercased().utf8.prefix(128))
    let b = Array(second.lowercased().utf8.prefix(128))
    var older: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var current = [i + 1]
      for j in 0..<b.count {
        let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
        var best = min(replaced, min(previous[j + 1], current[j]) + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, older[j - 1] + 1) }
        current.append(best)
      }
      older = previous
      previous = current
    }
    return previous[b.count]
  }
}
