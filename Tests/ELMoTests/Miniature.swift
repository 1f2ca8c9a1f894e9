import Foundation

import ELMo

/// The committed miniature models and a place for what tests write.
enum Miniature {
  static let names = ["bare", "deep"]

  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  /// The sentences of make_miniature.py.
  static let sentences: [[ELMoToken]] = [
    words("good", "debate", "!"),
    words("a"),
    words("café", "<S>", "😀", String(repeating: "x", count: 47) + "éé", "good"),
    [],
    words("it", "was", "not", "a", "good", "night", "for", "anyone"),
  ]

  static func words(_ words: String...) -> [ELMoToken] { words.map { ELMoToken($0) } }

  static func bundle(_ name: String) throws -> ModelBundle {
    try ModelBundle(directory: "\(fixtures)/\(name)")
  }

  static func model(_ name: String, stateMode: StateMode? = nil) throws -> ELMoModel {
    try ELMoModel(try bundle(name), stateMode: stateMode)
  }

  /// Random sentences of lengths 0 to 12 over a small vocabulary, so that tokens repeat.
  static func randomSentences(count: Int, seed: UInt64) -> [[ELMoToken]] {
    var numbers = SeededNumbers(seed: seed)
    return (0..<count).map { _ in
      (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
        let word = Int.random(in: 0..<40, using: &numbers)
        return ELMoToken(String(repeating: "w\(word)é", count: 1 + word % 11))
      }
    }
  }
}

/// A directory that is removed at the end of a test.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("elmo-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The largest amount by which found numbers leave wanted ± (absolute + relative·|wanted|).
func excess(_ found: [Float], _ wanted: [Float], absolute: Float, relative: Float) -> Float {
  guard found.count == wanted.count else { return .infinity }
  var worst: Float = 0
  for (a, b) in zip(found, wanted) {
    let over = (a - b).magnitude - (absolute + relative * b.magnitude)
    guard over.isFinite else { return .infinity }
    worst = max(worst, over)
  }
  return worst
}
