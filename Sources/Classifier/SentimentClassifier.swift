package import ELMo
package import TweetText
package import Tweets

/// Texts to sentiments: a bundle's cleaning, language model, heads and co-head.
///
/// A text's answer has the same bits alone, in any batch and in any order.
package final class SentimentClassifier: Sendable {
  /// Cleaning and language model.
  package let embedder: TextEmbedder
  /// The labels in the order of a sentiment's probabilities.
  package let labels: [Label]
  /// The languages that the model was trained on; nil where the bundle does not tell.
  package let languages: Set<String>?
  /// The name that the `model` column of the database shows: that of the bundle, and of a decision other than the largest.
  package let modelName: String
  /// The parts that decide.
  package let parts: ClassifierParts

  /// The labels as a set.
  package let labelSet: LabelSet
  /// What makes a label out of probabilities.
  package let decision: Decision
  /// The p(positive) from which two labels answer `positive`: the bundle's with `Decision.threshold`, else 0.5.
  package let threshold: Double
  /// Where the threshold comes from: `model` or `default`.
  package let thresholdOrigin: String
  private let shift: ProbabilityShift?
  private let heads: HeadEnsemble
  private let headWeight: Double
  private let coHead: CoHead?
  private let coHeadWeight: Double
  private let temperature: Double
  private let biases: [Double]?  // one a logit

  /// The classifier of a bundle, or a part of it alone; `maxTokens` lowers the bundle's cap, `engine`
  /// replaces its engine.
  ///
  /// Weights, calibration, threshold and offsets were chosen for all parts together: the logits of a
  /// part alone stand as they are, and the largest probability decides.
  /// Refuses a bundle without head or without the part that is asked for, labels other than the two sets, an unknown
  /// cleaning profile, a threshold that is not a probability, a decision that the bundle has no numbers for, and tensors of
  /// another shape or not finite: what, where, and the remedy.
  package init(
    _ bundle: ModelBundle, maxTokens: Int? = nil, parts: ClassifierParts = .all,
    engine: Engine? = nil, decision: Decision = .largest
  ) throws {
    let manifest = bundle.manifest
    let calibrated = parts == .all ? manifest : nil
    guard manifest.head != nil, let names = manifest.labels else {
      throw ClassifierError.noHead(directory: bundle.directory)
    }
    guard let labelSet = LabelSet(names: names) else {
      throw ClassifierError.labels(names, directory: bundle.directory)
    }
    if let threshold = manifest.threshold, !(0...1).contains(threshold) {
      throw ClassifierError.threshold(threshold, directory: bundle.directory)
    }
    heads = HeadEnsemble(try HeadWeights.members(of: bundle))
    headWeight = Double(calibrated?.headWeight ?? 1)
    coHead = parts == .network ? nil : try CoHeadWeights(bundle).map(CoHead.init)
    coHeadWeight = Double(calibrated?.coHead?.weight ?? 0)
    guard parts != .coHead || coHead != nil else {
      throw ClassifierError.noCoHead(directory: bundle.directory)
    }
    self.parts = parts
    embedder = try TextEmbedder(bundle, maxTokens: maxTokens, engine: engine)
    self.labelSet = labelSet
    labels = labelSet.labels
    modelName = decision == .largest ? manifest.name : "\(manifest.name):\(decision.rawValue)"
    languages = manifest.languages.map { Set($0) }
    temperature = Double(calibrated?.temperature ?? 1)
    biases = calibrated?.labelBiases.map { biases in
      // Two labels have one logit, that of the second against the first.
      biases.count == 2 ? [Double(biases[1]) - Double(biases[0])] : biases.map(Double.init)
    }
    self.decision = decision
    let chosen = decision == .threshold ? calibrated?.threshold : nil
    threshold = Double(chosen ?? 0.5)
    thresholdOrigin = chosen == nil ? "default" : "model"
    shift = try ProbabilityShift(
      decision, of: calibrated, directory: bundle.directory)
  }

  /// How texts are cleaned.
  package var cleaning: CleaningProfile { embedder.cleaning }

  /// What calls of `classify` need; one a worker. `textCapacity` texts at most are remembered with their
  /// answers, by this workspace alone.
  package func workspace(
    tokenBudget: Int = 1024, textCapacity: Int = 32_768
  ) -> ClassifierWorkspace {
    workspace(tokenBudget: tokenBudget, sharing: rememberedTexts(capacity: textCapacity))
  }

  /// Room for the answers to so many texts, which several workers may share.
  package func rememberedTexts(capacity: Int = 32_768) -> RememberedTexts {
    RememberedTexts(for: self, capacity: capacity)
  }

  /// The same for another worker, which remembers texts together with those that have `texts` too.
  package func workspace(
    tokenBudget: Int = 1024, sharing texts: RememberedTexts
  ) -> ClassifierWorkspace {
    ClassifierWorkspace(network: embedder.workspace(tokenBudget: tokenBudget), texts: texts)
  }

  /// One answer a text, in order: the text as the model read it, and what the model says of it.
  ///
  /// Of equal clean texts the model reads one, and none that the workspace remembers.
  package func classify(
    _ texts: [String], workspace: inout ClassifierWorkspace
  ) -> [(clean: String, sentiment: Sentiment)] {
    precondition(
      workspace.texts.owner == ObjectIdentifier(self),
      "a workspace that another classifier has made")
    let prepared = texts.map(embedder.prepare)
    let keys = prepared.map { $0.tokens.isEmpty ? [] : Array($0.clean.utf8) }
    let plan = workspace.texts.withCache { cache in
      origins(of: prepared, keys: keys, remembered: &cache)
    }
    let read = read(plan.unread.map { prepared[$0] }, workspace: &workspace.network)
    workspace.texts.withCache { cache in
      for (text, sentiment) in zip(plan.unread, read) { cache.store(sentiment, for: keys[text]) }
    }
    return zip(prepared, plan.answers).map {
      text, answer -> (clean: String, sentiment: Sentiment) in
      switch answer {
      case .known(let sentiment): return (text.clean, sentiment)
      case .read(let place): return (text.clean, read[place])
      }
    }
  }

  /// Where the answer to a text comes from.
  private enum Answer: Sendable {
    /// It is known already.
    case known(Sentiment)
    /// It is that of this one of the texts that are read.
    case read(Int)
  }

  /// Which texts the model must read, and where each answer comes from.
  private func origins(
    of texts: [PreparedText], keys: [[UInt8]], remembered: inout TextCache
  ) -> (unread: [Int], answers: [Answer]) {
    var unread: [Int] = []
    var places: [[UInt8]: Int] = [:]  // of a key among the unread
    let answers = texts.indices.map { index -> Answer in
      if texts[index].tokens.isEmpty { return .known(.unlabelled(.noWords)) }
      if let place = places[keys[index]] {
        remembered.countHit()
        return .read(place)
      }
      if let known = remembered.fetch(keys[index]) { return .known(known) }
      places[keys[index]] = unread.count
      unread.append(index)
      return .read(unread.count - 1)
    }
    return (unread, answers)
  }

  /// What the model says of texts that have a token at least.
  private func read(
    _ texts: [PreparedText], workspace: inout ELMoWorkspace
  ) -> [Sentiment] {
    let logits = decidingLogits(texts, workspace: &workspace)
    let outputs = heads.shape.outputs
    return texts.enumerated().map { row, text in
      let own = Array(logits[row * outputs..<(row + 1) * outputs])
      let calibrated = Head.probabilities(logits: own)
      return labelSet.sentiment(
        shift?.applied(to: calibrated) ?? calibrated, truncated: text.truncated)
    }
  }

  /// The logits [texts, outputs] of the parts that decide, weighed, divided by the temperature and biased.
  private func decidingLogits(
    _ texts: [PreparedText], workspace: inout ELMoWorkspace
  ) -> [Double] {
    if parts == .coHead, let coHead {
      return coHead.logits(texts.map(\.clean), threads: workspace.threads)
    }
    let own = logits(texts, workspace: &workspace)
    return own.heads.indices.map { index in
      let sum = headWeight * own.heads[index] + coHeadWeight * (own.coHead?[index] ?? 0)
      return sum / temperature + (biases?[index % heads.shape.outputs] ?? 0)
    }
  }

  /// The logits [texts, outputs] of the averaged heads and of the co-head, each as it stands: without
  /// its weight, before the temperature.
  package func logits(
    _ texts: [PreparedText], workspace: inout ELMoWorkspace
  ) -> (heads: [Double], coHead: [Double]?) {
    let own = heads.logits(texts.map(\.tokens), model: embedder.model, workspace: &workspace)
    return (own, coHead?.logits(texts.map(\.clean), threads: workspace.threads))
  }
}
