import ELMo
import Testing
import Training

struct StepOperationsTests {
  // Two sentences, `a bb` and `ccc`: 5 positions of each direction; 5 distinct tokens with the boundaries.
  @Test func `a step counts what its formulas multiply`() throws {
    let options = ELMoOptions(
      cellSize: 6, projectionSize: 3, layerCount: 2, cellClip: nil, projectionClip: nil,
      usesSkipConnections: false, characterSize: 2,
      filters: [.init(width: 1, count: 4), .init(width: 2, count: 5)], highwayCount: 1,
      charactersPerToken: 6)
    var builder = CorpusBuilder()
    for line in ["a bb", "ccc"] { builder.add(line) }
    var settings = PretrainingSettings()
    settings.negatives = 4
    settings.batchTokens = 100
    settings.passes = 1
    let trainer = try Pretrainer(
      options: options, corpus: try builder.finish(heldOut: 0), settings: settings)
    let outcome = try trainer.step()
    // Characters with begin and end of word: 3 (a), 4 (bb), 5 (ccc), 3 and 3 (the boundaries). Windows of
    // width 1 on 6 characters: one more than that; of width 2 at most 5.
    let width1 = (4 + 5 + 6 + 4 + 4) * 1 * 2 * 4
    let width2 = (4 + 5 + 5 + 4 + 4) * 2 * 2 * 5
    let tokens = 5 * 3 * (2 * 9 * 9 + 9 * 3)
    let layer = 6 * 4 * 6 + 6 * 3
    let positions = 5 * 2 * 3 * (2 * layer + 4 * 3)
    #expect(outcome.operations == Double(2 * (width1 + width2 + tokens + positions)))
  }
}
