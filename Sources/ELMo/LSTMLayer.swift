import LinearAlgebra

/// The weights of one layer of one direction (ELMO.md 3.2).
struct LSTMLayer: Sendable {
  let input: EngineMatrix  // [D, 4H], the upper half of W_0, stripe by stripe
  let recurrent: EngineMatrix  // [D, 4H], the lower half of W_0, stripe by stripe
  let bias: [Float]  // [4H], stripe by stripe; without the forget gate's 1
  let projection: EngineMatrix?  // [H, D]; nil when H = D and the file has none
}

/// The order of the gates in memory: of each stripe of cells the gates i, j, f, o lie together, so that a step can
/// be computed stripe by stripe, whose gates never leave the nearest caches.
struct GateStripes: Sendable {
  /// How many stripes there are.
  let count: Int
  /// Cells of a stripe.
  let cells: Int

  /// Stripes of 64 cells, or one of all where those do not fit.
  init(cellSize: Int) {
    count = cellSize % 64 == 0 ? cellSize / 64 : 1
    cells = cellSize / count
  }

  /// Columns of a stripe, all gates.
  var columns: Int { 4 * cells }

  /// The panels of a stripe's columns.
  func panels(_ stripe: Int) -> Range<Int> {
    let width = PackedMatrix.panelColumns
    return stripe * columns / width..<((stripe + 1) * columns + width - 1) / width
  }

  /// Rows [n, 4H] with the gates i, j, f, o one after the other, in the order of the stripes.
  func ordered(_ rows: Span<Float>) -> [Float] {
    let width = 4 * cells * count
    var ordered = [Float](repeating: 0, count: rows.count)
    var target = ordered.mutableSpan
    for start in stride(from: 0, to: rows.count, by: width) {
      for stripe in 0..<count {
        for gate in 0..<4 {
          let from = start + (gate * count + stripe) * cells
          var own = target._mutatingExtracting(
            start + (stripe * 4 + gate) * cells..<start + (stripe * 4 + gate + 1) * cells)
          Rows.copy(rows.extracting(from..<from + cells), into: &own)
        }
      }
    }
    return ordered
  }
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
  /// Rows of narrow steps whose gates are begun together: with few rows, reading the weights takes longest.
  static let blockRows = 64
  /// From how many rows on a step goes stripe by stripe.
  static let wideStep = 12

  let hiddenSize: Int  // D
  let cellSize: Int  // H
  let tokens: Rows  // [budget + 2, D], the distinct tokens, which both directions only read
  let outputs: [Rows]  // a layer: [budget, D], what it answers
  let inputs: Rows  // [block or sentences, D], the tokens that the first layer reads
  let gates: Rows  // [block, 4H] or of a stripe [sentences, 4S]
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
    inputs = Rows(count: max(Self.blockRows, sentences) * d)
    gates = Rows(
      count: max(Self.blockRows * 4 * h, sentences * GateStripes(cellSize: h).columns))
    memory = Rows(count: sentences * h)
    hidden = (0..<options.layerCount).map { _ in Rows(count: sentences * d) }
    cell = (0..<options.layerCount).map { _ in Rows(count: sentences * h) }
    products = EngineScratch(options, engine: engine, rows: sentences)
    parted = Rows(count: sentences * max(d, h))
  }
}
