package import Tweets

/// What a file's own names for labels most likely mean, for the hint of an error.
package enum LabelHint {
  /// The meaning of each name of a scheme that is in use; nil for names of no known scheme.
  ///
  /// Names come in lower case. A digit's meaning depends on the others: 4 is positive beside 0, and the fourth star beside 5.
  package static func meanings(of names: Set<String>) -> [String: Label]? {
    for scheme in schemes where !names.isEmpty && names.allSatisfy({ scheme[$0] != nil }) {
      return scheme.filter { names.contains($0.key) }
    }
    var meanings: [String: Label] = [:]
    for name in names {
      guard let label = words.first(where: { word in word.parts.contains { name.contains($0) } })
      else { return nil }
      meanings[name] = label.label
    }
    return meanings
  }

  /// The options that map the names, ready to be typed; `names` are those that are not known, as they are written.
  package static func options(for names: [String]) -> String {
    let meanings = meanings(of: Set(names.map { $0.lowercased() }))
    guard let meanings else {
      let name = names.first ?? "NAME"
      return "map it: "
        + Label.allCases.map { quoted("\(name)=\($0.rawValue)") }
        .map { "--label \($0)" }.joined(separator: " or ")
        + ", or leave it out: --drop \(quoted(name))"
    }
    let options = names.prefix(12).compactMap { name -> String? in
      guard let meaning = meanings[name.lowercased()] else { return nil }
      // A value that begins with a hyphen would be taken for an option.
      let separator = name.hasPrefix("-") ? "=" : " "
      return "--label" + separator + quoted("\(name)=\(meaning.rawValue)")
    }
    return "if they mean that, give " + options.joined(separator: " ")
      + "; --drop NAME leaves a label out"
  }

  /// A word of a shell.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || [0x2D, 0x2E, 0x3D, 0x5F].contains(byte)
    }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private static let schemes: [[String: Label]] = [
    ["0": .negative, "2": .neutral, "4": .positive],
    ["-1": .negative, "0": .neutral, "1": .positive],
    ["-1.0": .negative, "0.0": .neutral, "1.0": .positive],
    ["0": .negative, "1": .positive],
    ["0": .negative, "1": .neutral, "2": .positive],
    ["1": .negative, "2": .negative, "3": .neutral, "4": .positive, "5": .positive],
    ["0": .negative, "1": .negative, "2": .neutral, "3": .positive, "4": .positive],
    ["n": .negative, "o": .neutral, "p": .positive], ["-": .negative, "+": .positive],
    ["false": .negative, "true": .positive],
  ]

  private static let words: [(label: Label, parts: [String])] = [
    (.negative, ["neg", "bad", "unhappy", "sad"]),
    (.neutral, ["neu", "objective", "none", "mixed"]),
    (.positive, ["pos", "good", "happy", "glad"]),
  ]
}
