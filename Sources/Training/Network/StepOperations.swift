import ELMo

/// The floating-point operations that a step's matrix products take, the measure of its speed.
///
/// A multiply-add counts as two. Only what the formulas of ELMO.md ask for counts: no windows past a
/// token's end, no padding of rows; and nothing that is done element by element.
enum StepOperations {
  /// Those of a step forward and back, with so many candidates in the softmax of each direction.
  static func count(
    _ options: ELMoOptions, _ batch: SentenceBatch, tokens: [ELMoToken], candidates: Int
  ) -> Double {
    let (f, d, h) = (options.featureSize, options.projectionSize, options.cellSize)
    // A product of the way forward has two on the way back: for its input and for its weights. The
    // convolution has none there, since the maximum leaves one window a feature.
    let features = options.highwayCount * 2 * f * f + (f == d ? 0 : f * d)
    let encoder =
      tokens.reduce(0) { $0 + convolution(options, of: $1) } + 3 * tokens.count * features
    let cell = 2 * d * 4 * h + (h == d ? 0 : h * d)
    let position = 2 * 3 * (options.layerCount * cell + candidates * d)
    return 2 * Double(encoder + batch.positions * position)
  }

  private static func convolution(_ options: ELMoOptions, of token: ELMoToken) -> Int {
    let limit = options.charactersPerToken
    let length = token.characterCount(charactersPerToken: limit)
    return options.filters.reduce(0) { sum, filter in
      let windows = min(limit - filter.width, length) + 1
      return sum + windows * filter.width * options.characterSize * filter.count
    }
  }
}
