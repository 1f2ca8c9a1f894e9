import LinearAlgebra

/// The weights of one layer of one direction (ELMO.md 3.2).
struct LSTMLayer: Sendable {
  let input: PackedMatrix  // [D, 4H], the upper half of W_0
  let recurrent: PackedMatrix  // [D, 4H], the lower half of W_0
  let bias: [Float]  // [4H], in the order i, j, f, o; without the forget gate's 1
  let projection: PackedMatrix?  // [H, D]; nil when H = D and the file has none
}

/// What one direction needs for one batch.
///
/// `@unchecked Sendable`: each of the two threads has its own, and the workspace waits for both.
struct DirectionScratch: @unchecked Sendable {
  let inputs: Rows  // [budget, D], what layer 0 reads
  let outputs: [Rows]  // a layer: [budget, D], what it answers
  let gates: Rows  // [budget, 4H]
  let memory: Rows  // [sentences, H], the cell's output before the projection
  let hidden: [Rows]  // a layer: [sentences, D], the recurrent state h
  let cell: [Rows]  // a layer: [sentences, H], the cell state c

  init(_ options: ELMoOptions, budget: Int, sentences: Int) {
    let (d, h) = (options.projectionSize, options.cellSize)
    inputs = Rows(count: budget * d)
    outputs = (0..<options.layerCount).map { _ in Rows(count: budget * d) }
    gates = Rows(count: budget * 4 * h)
    memory = Rows(count: sentences * h)
    hidden = (0..<options.layerCount).map { _ in Rows(count: sentences * d) }
    cell = (0..<options.layerCount).map { _ in Rows(count: sentences * h) }
  }
}
