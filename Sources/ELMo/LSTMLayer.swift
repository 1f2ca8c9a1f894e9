import LinearAlgebra

/// The weights of one layer of one direction (ELMO.md 3.2).
struct LSTMLayer: Sendable {
  let input: EngineMatrix  // [D, 4H], the upper half of W_0
  let recurrent: EngineMatrix  // [D, 4H], the lower half of W_0
  let bias: [Float]  // [4H], in the order i, j, f, o; without the forget gate's 1
  let projection: EngineMatrix?  // [H, D]; nil when H = D and the file has none
}

/// The two stacks of LSTM layers, which never see each other (ELMO.md 3).
struct BiLSTM: Sendable {
  let options: ELMoOptions
  let engine: Engine
  let directions: [[LSTMLayer]]  // forward and backward; layers
}

/// What one direction needs for one batch.
///
/// `@unchecked Sendable`: each of the two threads has its own, and the workspace waits for both.
struct DirectionScratch: @unchecked Sendable {
  let hiddenSize: Int  // D
  let cellSize: Int  // H
  let tokens: Rows  // [budget + 2, D], the distinct tokens, which both directions only read
  let outputs: [Rows]  // a layer: [budget, D], what it answers
  let gates: Rows  // [budget + 2, 4H], of the first layer a distinct token, of the others a row
  let stepGates: Rows  // [sentences, 4H], the first layer's rows of one step
  let memory: Rows  // [sentences, H], the cell's output before the projection
  let hidden: [Rows]  // a layer: [sentences, D], the recurrent state h
  let cell: [Rows]  // a layer: [sentences, H], the cell state c
  let products: EngineScratch
  let parted: Rows  // [sentences, D or H], states on their way to other rows

  init(_ options: ELMoOptions, engine: Engine, tokens: Rows, budget: Int, sentences: Int) {
    let (d, h) = (options.projectionSize, options.cellSize)
    (hiddenSize, cellSize) = (d, h)
    self.tokens = tokens
    outputs = (0..<options.layerCount).map { _ in Rows(count: budget * d) }
    gates = Rows(count: (budget + 2) * 4 * h)
    stepGates = Rows(count: sentences * 4 * h)
    memory = Rows(count: sentences * h)
    hidden = (0..<options.layerCount).map { _ in Rows(count: sentences * d) }
    cell = (0..<options.layerCount).map { _ in Rows(count: sentences * h) }
    products = EngineScratch(options, engine: engine)
    parted = Rows(count: sentences * max(d, h))
  }
}
