import ELMo
import Foundation
import Testing

@Suite struct ELMoOptionsTests {
  private func read(_ text: String) throws -> ELMoOptions {
    try ELMoOptions(json: Data(text.utf8))
  }

  private func text(_ lstm: String, _ cnn: String, _ top: String = "") -> String {
    "{\"lstm\": {\(lstm)}, \"char_cnn\": {\(cnn)}\(top)}"
  }

  private let lstm = "\"dim\": 8, \"projection_dim\": 4"
  private let cnn = "\"embedding\": {\"dim\": 2}, \"filters\": [[1, 2], [3, 4]]"

  @Test func `absent keys have their defaults`() throws {
    let options = try read(text(lstm, cnn))
    #expect(
      options
        == ELMoOptions(
          cellSize: 8, projectionSize: 4, layerCount: 1, cellClip: nil, projectionClip: nil,
          usesSkipConnections: false, activation: .relu, characterSize: 2,
          filters: [.init(width: 1, count: 2), .init(width: 3, count: 4)], highwayCount: 0,
          charactersPerToken: 50, characterCount: 262))
    #expect(options.featureSize == 6)
  }

  @Test(arguments: ["null", "0", "0.0"])
  func `a clip of null or 0 is none`(clip: String) throws {
    let options = try read(text(lstm + ", \"cell_clip\": \(clip), \"proj_clip\": \(clip)", cnn))
    #expect(options.cellClip == nil && options.projectionClip == nil)
  }

  @Test func `unknown keys survive reading and writing`() throws {
    let options = try read(
      text(
        lstm + ", \"zeta\": [1, null]", cnn + ", \"eta\": 2.5",
        ", \"n_train_tokens\": 768648884, \"sample_softmax\": true"))
    let again = try ELMoOptions(json: JSONEncoder().encode(options))
    #expect(again == options)
    #expect(again.others["n_train_tokens"] == .integer(768_648_884))
    let json = String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
    #expect(json.contains("zeta") && json.contains("eta") && json.contains("768648884"))
  }

  @Test func `261 characters are accepted with a remark`() throws {
    let options = try read(text(lstm, cnn + ", \"n_characters\": 261"))
    #expect(options.remark?.contains("261") == true)
    #expect(try read(text(lstm, cnn)).remark == nil)
  }

  @Test(arguments: [
    ("{}", "lstm is missing"),
    ("[1]", "not an object"),
    ("{", "not JSON"),
    ("{\"lstm\": {\"dim\": 8, \"projection_dim\": 4}}", "there is no char_cnn"),
    ("{\"char_cnn\": {}}", "lstm is missing"),
    ("L|\"projection_dim\": 4", "lstm.dim is missing"),
    ("L|\"dim\": 2.5, \"projection_dim\": 4", "lstm.dim is not a whole number"),
    ("L|\"dim\": 3, \"projection_dim\": 4", "greater than lstm.dim 3"),
    ("L|\"dim\": 8, \"projection_dim\": 7", "6 channels, fewer than"),
    ("L|\"dim\": 8, \"projection_dim\": 4, \"n_layers\": 0", "n_layers is 0"),
    ("L|\"dim\": 8, \"projection_dim\": 4, \"cell_clip\": -1", "cell_clip is -1.0"),
    ("C|\"n_characters\": 300", "n_characters is 300"),
    ("C|\"activation\": \"gelu\"", "gelu, wanted relu or tanh"),
    ("C|\"max_characters_per_token\": 2", "max_characters_per_token is 2"),
    ("C|\"filters\": [[51, 4]]", "width of char_cnn.filters[0] is 51"),
    ("C|\"filters\": [[1]]", "not [width, count]"),
    ("C|\"filters\": []", "number of char_cnn.filters is 0"),
  ])
  func `bad options are refused with the reason`(json: String, reason: String) throws {
    var json = json
    if json.hasPrefix("L|") { json = text(String(json.dropFirst(2)), cnn) }
    if json.hasPrefix("C|") {
      let change = String(json.dropFirst(2))
      let kept = change.contains("filters") ? "\"embedding\": {\"dim\": 2}" : cnn
      json = text(lstm, "\(kept), \(change)")
    }
    do {
      _ = try read(json)
      Issue.record("accepted \(json)")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test func `the published sizes have the published parameter counts`() {
    #expect(ELMoOptions.original.tensors.count == 37)
    #expect(ELMoOptions.original.parameterCount / 100_000 == 936)
    #expect((13_500_000...13_650_000).contains(ELMoOptions.small.parameterCount))
    #expect((2_900_000...3_100_000).contains(ELMoOptions.compact().parameterCount))
  }
}
