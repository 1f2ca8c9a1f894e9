/// What a stretch of pre-training steps came to.
package struct PretrainingRecord: Sendable, Equatable {
  /// Steps done at its end.
  package var step: Int
  /// Tokens read at its end.
  package var tokens: Int
  /// The mean loss of its steps, nats a token, both directions averaged; of a sampled softmax.
  package var loss: Double
  /// The learning rate of its last step.
  package var learningRate: Double
  /// Tokens read a second in it.
  package var tokensPerSecond: Double
  /// Held-out perplexity over the whole vocabulary, next token; nil where it was not measured.
  package var perplexityForward: Double?
  /// The same of the previous token.
  package var perplexityBackward: Double?
  /// Both averaged.
  package var perplexity: Double?

  /// A record of these figures.
  package init(
    step: Int, tokens: Int, loss: Double, learningRate: Double, tokensPerSecond: Double,
    perplexityForward: Double? = nil, perplexityBackward: Double? = nil, perplexity: Double? = nil
  ) {
    self.step = step
    self.tokens = tokens
    self.loss = loss
    self.learningRate = learningRate
    self.tokensPerSecond = tokensPerSecond
    self.perplexityForward = perplexityForward
    self.perplexityBackward = perplexityBackward
    self.perplexity = perplexity
  }
}
