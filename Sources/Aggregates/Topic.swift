/// A name under which tweets are counted, and the patterns that make a tweet belong to it.
package struct Topic: Sendable, Equatable {
  /// The topic that counts every tweet once; no other may have its name.
  package static let all = "all"
  /// The longest name of a topic, in characters.
  package static let longestName = 100

  /// The topic's name.
  package let name: String
  /// The patterns as written: words, `#tags`, `$tags`, `@names`, phrases.
  package let match: [String]

  /// A topic; refuses a name or pattern that could not count anything.
  package init(name: String, match: [String]) throws(TopicError) {
    guard name != Topic.all else { throw .reserved }
    guard Topic.isUsable(name: name) else { throw .name(name) }
    guard !match.isEmpty else { throw .noPattern(topic: name) }
    for pattern in match {
      if let refusal = Topic.refusal(of: pattern) {
        throw .pattern(pattern, topic: name, refusal: refusal)
      }
    }
    self.name = name
    self.match = match
  }

  /// Why a pattern is refused, as words that follow "expected"; nil for a good one.
  package static func refusal(of pattern: String) -> String? {
    do throws(TopicPattern.Fault) {
      _ = try TopicPattern(pattern)
      return nil
    } catch {
      switch error {
      case .noWord: return "a letter, a digit or a pictograph in it"
      case .tooLong: return "a phrase of at most \(TopicPattern.longestPhrase) words"
      case .tag(let sign):
        return "a #tag of letters, digits and _ only: platforms end a tag before '\(sign)'"
      }
    }
  }

  /// What a good pattern looks for: its words in lower case, as they must stand side by side.
  package static func meaning(of pattern: String) -> [String] {
    ((try? TopicPattern(pattern))?.terms ?? []).map(\.text)
  }

  /// True for a name that is short, not blank, free of control characters, and not `all`.
  package static func isUsable(name: String) -> Bool {
    guard name != all, !name.isEmpty, name.count <= longestName else { return false }
    var blank = true
    for scalar in name.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return false
      case .spaceSeparator, .format: continue
      default: blank = false
      }
    }
    return !blank
  }
}

/// Why a topic of the settings is refused.
package enum TopicError: Error, Equatable, CustomStringConvertible {
  /// The name `all` was given.
  case reserved
  /// The name is empty, too long, or has control characters.
  case name(String)
  /// There is nothing to match.
  case noPattern(topic: String)
  /// The pattern cannot match; the refusal says what is expected of it.
  case pattern(String, topic: String, refusal: String)

  /// The refusal with its remedy.
  package var description: String {
    switch self {
    case .reserved:
      "topic 'all': the name is taken, it counts every tweet; choose another name"
    case .name(let name):
      "topic '\(name.prefix(40))': a name has 1 to \(Topic.longestName) printable characters"
    case .noPattern(let topic):
      "topic '\(topic)': nothing to match; give words, #tags, @names or \"phrases\""
    case .pattern(let pattern, let topic, let refusal):
      "topic '\(topic)', pattern '\(pattern.prefix(40))': expected \(refusal)"
    }
  }
}
