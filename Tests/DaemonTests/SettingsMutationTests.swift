import Foundation
import Testing

import Daemon

/// Settings that were damaged at random are refused or read; they never end the process.
@Suite struct SettingsMutationTests {
  @Test func `ten thousand damaged settings trap nothing and are refused at a place`() throws {
    let whole = try String(
      contentsOf: Fixture.packageRoot.appending(path: "config/elmond.toml"), encoding: .utf8)
    var random = Seeded(seed: 20_261_128)
    for round in 0..<10_000 {
      let text = Mutation.damage(round.isMultiple(of: 2) ? whole : Mutation.dense, &random)
      do {
        _ = try SettingsReader.parse(
          text, file: "x.toml", folder: "/no-folder", isCheckingFiles: false)
      } catch {
        #expect(!error.problems.isEmpty, "round \(round)")
        let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        for problem in error.problems {
          #expect((1...lines).contains(problem.line ?? 1), "round \(round): \(problem)")
        }
      }
    }
  }
}

/// Small changes of the kinds that happen to files that people edit.
private enum Mutation {
  private static let pieces = [
    "[", "]", "[[", "]]", "[ä]", "[“store”]", "[=]", "[,]", "{", "}", "=", ",", ".", "\"", "'",
    "\"\"\"", "'''", "\\", "#", "\n", "\r", "\r\n", "\t", "\u{2028}", "\u{FEFF}", "\u{0}", "\u{1B}",
    "\u{202E}", "ä", "😀", "0", "-", "_", "1e999", "0x", "9999999999999999999", "inf", "true",
    "1979-05-27", "a.b.c = 1\n", "[a.b]\n", "[[source]]\n", "[store]\n", " ", "\\u", "\\UFFFFFFFF",
  ]

  /// Settings without comments: a change hits one more often.
  static let dense = """
    [model]
    neutral_band = [0.4, 0.6]
    [[source]]
    name = "x"
    kind = "x"
    budget = { posts_per_day = 100, posts_per_month = 2_000 }
    [[source.rule]]
    value = 'train "next stop"'
    tag = "trains"
    [[source]]
    name = "sky"
    kind = "jetstream"
    urls = [
      "wss://a.example", # first
      "wss://b.example",
    ]
    [[topic]]
    name = "t"
    match = ["a", "b c"]
    [store]
    retain.minutes = "14d"
    [log]
    sample_rate = 1e-2
    """

  static func damage(_ text: String, _ random: inout Seeded) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let at = Int.random(in: 0...scalars.count, using: &random)
      let end = min(scalars.count, at + Int.random(in: 0...12, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: scalars.removeSubrange(at..<end)
      case 1: scalars.insert(contentsOf: Array(scalars[at..<end]), at: at)
      case 2: scalars.removeSubrange(at...)
      case 3:
        let from = Int.random(in: 0...scalars.count, using: &random)
        let part = scalars[from..<min(scalars.count, from + 80)]
        scalars.insert(contentsOf: Array(part), at: at)
      default:
        let piece = pieces.randomElement(using: &random) ?? "["
        scalars.replaceSubrange(
          at..<(Bool.random(using: &random) ? end : at), with: piece.unicodeScalars)
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
