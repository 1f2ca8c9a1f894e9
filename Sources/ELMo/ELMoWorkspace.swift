/// All scratch memory of one worker, allocated once for a model and a token budget.
package struct ELMoWorkspace: ~Copyable {
  /// The most positions (tokens and boundaries) that run together.
  package let tokenBudget: Int
  /// Encoder outputs of the tokens seen last, with its hits and misses.
  package internal(set) var cache: TokenCache
  /// On how many threads a call runs, 1 or 2; no answer depends on it.
  package var threads = 2
  /// Where mode `carry` left off; set it anew to forget.
  package var carried = CarriedStates()

  /// Multiply-adds of the biLSTM's products so far; what rows share is counted once.
  package internal(set) var multiplyAdds = 0

  // The distinct tokens of a batch: 0 is <S>, 1 is </S>, words follow.
  var distinct: TokenTable
  var distinctCount = 0
  var positions: [Int32]  // sentence after sentence, the distinct token of each token
  var plans: [DirectionPlan] = []  // forward, backward
  let encoded: Rows  // [budget + 2, D]
  var missing: [MissingToken] = []  // to be encoded, at most budget

  let encoders: [EncoderScratch]  // one a thread
  let directions: [DirectionScratch]  // forward, backward
  let mixed: Rows  // [maxTokens, 2D], the mixed vectors of the sentence that is pooled

  /// Allocates for a model; a budget below the longest sentence is raised to it.
  package init(for model: ELMoModel, tokenBudget: Int = 1024, cacheCapacity: Int = 16_384) {
    let options = model.options
    // A sentence that runs has a token and two boundaries, so a third of the budget bounds them.
    let budget = max(tokenBudget, model.maxTokens + 2)
    self.tokenBudget = budget
    cache = TokenCache(
      capacity: cacheCapacity, keySize: options.bytesPerToken, vectorSize: options.projectionSize)
    distinct = TokenTable(capacity: budget + 2, keySize: options.bytesPerToken)
    positions = Array(repeating: 0, count: budget)
    let encoded = Rows(count: (budget + 2) * options.projectionSize)
    self.encoded = encoded
    missing.reserveCapacity(budget)
    encoders = (0..<2).map { _ in EncoderScratch(options) }
    directions = (0..<2).map { _ in
      DirectionScratch(
        options, engine: model.engine, tokens: encoded, budget: budget, sentences: budget / 3)
    }
    mixed = Rows(count: model.maxTokens * model.width)
  }
}

/// A token of the batch that no cache knows.
struct MissingToken {
  let token: ELMoToken
  let hash: Int
  let index: Int  // among the batch's distinct tokens
}
