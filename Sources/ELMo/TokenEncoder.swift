import LinearAlgebra

/// The weights of the context-free part: characters to one vector a token (ELMO.md 2).
struct TokenEncoder: Sendable {
  struct Filter: Sendable {
    let width: Int
    let kernel: PackedMatrix  // [width * characterSize, count]
    let bias: [Float]  // [count]
  }

  struct Highway: Sendable {
    let carry: PackedMatrix  // [F, F]
    let carryBias: [Float]  // [F]
    let transform: PackedMatrix  // [F, F]
    let transformBias: [Float]  // [F]
  }

  struct Projection: Sendable {
    let weights: PackedMatrix  // [F, D]
    let bias: [Float]  // [D]
  }

  let options: ELMoOptions
  let characters: [Float]  // [261, characterSize], by id before the shift
  let filters: [Filter]
  let highways: [Highway]
  let projection: Projection?
}

/// What encoding one block of tokens needs.
///
/// `@unchecked Sendable`: each thread has its own, and the workspace waits for both.
struct EncoderScratch: @unchecked Sendable {
  /// Tokens of a block: enough to use every weight many times while it is in the cache.
  static let blockSize = 128
  /// Windows of one product, at least those of the longest token.
  let windowLimit: Int

  let characters: Rows  // [blockSize, M, d]
  let windows: Rows  // [windowLimit, width * d]
  let scores: Rows  // [windowLimit, count]
  let features: Rows  // [blockSize, F]
  let gate: Rows  // [blockSize, F]
  let transformed: Rows  // [blockSize, F]
  let output: Rows  // [blockSize, D]

  init(_ options: ELMoOptions) {
    windowLimit = max(256, options.charactersPerToken)
    let widest = options.filters.reduce(0) { max($0, $1.width) }
    let largest = options.filters.reduce(0) { max($0, $1.count) }
    let features = Self.blockSize * options.featureSize
    characters = Rows(
      count: Self.blockSize * options.charactersPerToken * options.characterSize)
    windows = Rows(count: windowLimit * widest * options.characterSize)
    scores = Rows(count: windowLimit * largest)
    self.features = Rows(count: features)
    gate = Rows(count: features)
    transformed = Rows(count: features)
    output = Rows(count: Self.blockSize * options.projectionSize)
  }
}
