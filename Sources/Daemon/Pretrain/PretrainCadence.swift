/// When a pre-training measures and when it saves itself.
struct PretrainCadence {
  /// Seconds from one checkpoint to the next.
  var checkpointSeconds: Double
  /// Steps from one measurement to the next; nil where tokens tell, or the default does.
  var evaluationSteps: Int?
  /// Tokens from one measurement to the next.
  var evaluationTokens: Int?

  /// Whether to measure after a step: it, and the tokens read before and after it.
  func measures(after step: Int, of stepsTotal: Int, tokens: Int, before: Int) -> Bool {
    if step == stepsTotal { return true }
    if let evaluationTokens { return tokens / evaluationTokens > before / evaluationTokens }
    return step % (evaluationSteps ?? max(1, stepsTotal / 20)) == 0
  }

  /// Whether the history gets a record after a step: some 400 of a run, beside those of measurements.
  func records(after step: Int, of stepsTotal: Int) -> Bool {
    step % max(1, stepsTotal / 400) == 0
  }
}
