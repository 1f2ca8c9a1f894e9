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

  /// Whether the first layer's gates are best begun once for each distinct token of a batch.
  ///
  /// It saves products and costs a way through memory: where the weights stay in the cache, a product is cheaper.
  static func sharesGates(_ options: ELMoOptions, _ engine: Engine) -> Bool {
    options.projectionSize * 4 * options.cellSize * engine.bytes > 2048 << 10
  }
}

/// What one direction needs for one batch.
///
/// `@unchecked Sendable`: each of the two threads has its own, and the workspace waits for both.
struct DirectionScratch: @unchecked Sendable {
  let hiddenSize: Int  // D
  let cellSize: Int  // H
  let tokens: Rows  // [budget + 2, D], the distinct tokens, which both directions only read
  let outputs: [Rows]  // a layer: [budget, D], what it answers
  let sharesGates: Bool  // whether the first layer's gates are begun once for each distinct token
  let tokenGates: Rows  // [budget + 2, 4H], of each distinct token, where the first layer shares them
  let blockRows: Int  // rows whose gates are begun together, unless a step has more
  let inputs: Rows  // [block, D], the tokens of a block, where the first layer shares no gates
  let gates: Rows  // [block, 4H]
  let memory: Rows  // [sentences, H], the cell's output before the projection
  let hidden: [Rows]  // a layer: [sentences, D], the recurrent state h
  let cell: [Rows]  // a layer: [sentences, H], the cell state c
  let products: EngineScratch
  let parted: Rows  // [sentences, D or H], states on their way to other rows

  /// `sharesGates` overrides what is best for the model's size.
  init(
    _ options: ELMoOptions, engine: Engine, tokens: Rows, budget: Int, sentences: Int,
    sharesGates: Bool? = nil
  ) {
    let (d, h) = (options.projectionSize, options.cellSize)
    (hiddenSize, cellSize) = (d, h)
    self.tokens = tokens
    outputs = (0..<options.layerCount).map { _ in Rows(count: budget * d) }
    let shares = sharesGates ?? BiLSTM.sharesGates(options, engine)
    self.sharesGates = shares
    tokenGates = Rows(count: shares ? (budget + 2) * 4 * h : 0)
    blockRows = shares ? 256 : 32
    let block = max(blockRows, sentences)
    inputs = Rows(count: shares ? 0 : block * d)
    gates = Rows(count: block * 4 * h)
    memory = Rows(count: sentences * h)
    hidden = (0..<options.layerCount).map { _ in Rows(count: sentences * d) }
    cell = (0..<options.layerCount).map { _ in Rows(count: sentences * h) }
    products = EngineScratch(options, engine: engine)
    parted = Rows(count: sentences * max(d, h))
  }
}
