package import ELMo

/// How a classifier is tuned on labelled rows: the head, the network below it, and the co-head.
///
/// The stages follow one another: epochs of the head alone, epochs in which the network's layers are
/// freed from the top down, epochs of everything.
package struct TuningRecipe: Sendable, Equatable, Codable {
  /// Epochs at the start that train the head alone, on a network that stands still.
  package var headEpochs = 1
  /// Epochs after them in which the layers of the network join, the top one first.
  package var unfreezingEpochs = 1
  /// Passes over the training rows in all; early stopping may end them before.
  package var epochs = 6

  /// Adam's greatest step for the head, the mix and the pooling's query.
  package var headRate: Float = 1e-3
  /// Adam's greatest step for the top layer of the network; 0 leaves the network as it is.
  package var networkRate: Float = 1e-3
  /// What each lower layer's step is of the layer's above it.
  package var lowerLayerFactor: Float = 0.7
  /// The share of all steps over which the rate climbs from 0 to its greatest value.
  package var warmUp = 0.1
  /// What the rate falls to by the last step, along a cosine, as a share of its greatest value.
  package var finalRate = 0.05
  /// The numbers of Adam.
  package var adam = AdamNumbers()

  /// Tokens, boundaries counted, that the rows of one step hold at most.
  package var batchTokens = 2048
  /// The chance that a pooled feature is dropped in training.
  package var featureDropout: Float = 0.4
  /// The chance that a number between the network's layers is dropped in training.
  package var networkDropout: Float = 0.1

  /// How the vectors of a text's tokens become one.
  package var pooling = Pooling.meanMax
  /// Units of the head's hidden layer; 0 leaves it out.
  package var hidden = 256

  /// How rows of rare labels count.
  package var classWeights = ClassWeights.none
  /// What of the truth is spread evenly over all labels: 0 … 1.
  package var labelSmoothing: Float = 0.05
  /// True when a row counts as much as its annotators were sure of it.
  package var confidenceWeights = false
  /// How much the language model's loss counts beside the labels' in the first step.
  package var languageModelWeightAtStart: Float = 0.1
  /// How much it counts in the last step; between them it changes in a straight line.
  package var languageModelWeightAtEnd: Float = 0

  /// Epochs without a better figure on the validation rows after which training ends; nil goes on to
  /// the last epoch.
  package var patience: Int? = 2
  /// The figure that decides which epoch is the best.
  package var metric = StoppingMetric.macroRecall
  /// The seeds of starts, order and dropout; more than one make as many members, whose logits are
  /// averaged.
  package var seeds: [UInt64] = [1]

  /// True to train once more, on training and validation rows together, for as many epochs as were
  /// best, once the validation rows have chosen.
  package var refits = false

  /// The linear head on hashed n-grams beside the network's; nil for none.
  package var coHead: CoHeadRecipe? = CoHeadRecipe()

  /// The recipe with its default numbers.
  package init() {}
}

extension TuningRecipe {
  /// The numbers of the optimiser Adam.
  package struct AdamNumbers: Sendable, Equatable, Codable {
    /// What is kept of the mean of gradients at each step.
    package var firstDecay: Float = 0.9
    /// What is kept of the mean of their squares.
    package var secondDecay: Float = 0.999
    /// What is added to the root.
    package var epsilon: Float = 1e-8
    /// What a step takes off every kernel besides the gradient, as a share of rate · weight;
    /// biases are left alone.
    package var weightDecay: Float = 0.01
    /// The greatest norm of the gradient over everything that is trained; a longer one is scaled
    /// down.
    package var gradientNorm: Float = 1

    /// The usual numbers.
    package init() {}
  }
}

extension TuningRecipe {
  /// How many layers of a network of `layers`, counted from the top, are trained in an epoch, counted
  /// from 0.
  package func openLayers(inEpoch epoch: Int, of layers: Int) -> Int {
    precondition(epoch >= 0 && layers >= 0, "epoch \(epoch) of a network of \(layers) layers")
    guard networkRate > 0, epoch >= headEpochs else { return 0 }
    let freed = epoch - headEpochs + 1
    guard freed <= unfreezingEpochs else { return layers }
    let steps = unfreezingEpochs + 1
    return (layers * freed + steps - 1) / steps
  }

  /// The greatest step of a layer of the network, by its depth below the top layer, which is 0.
  package func rate(atDepth depth: Int) -> Float {
    precondition(depth >= 0, "the top layer has depth 0, none has \(depth)")
    return (0..<depth).reduce(networkRate) { rate, _ in rate * lowerLayerFactor }
  }

  /// Whether the loss of foretelling is to help, where the base brings a softmax.
  package var wantsHelper: Bool {
    networkRate > 0 && (languageModelWeightAtStart > 0 || languageModelWeightAtEnd > 0)
  }

  /// The recipe in one line, for the model card; `helped` tells whether the base brought a softmax.
  package func summary(helped: Bool) -> String {
    "\(pooling.rawValue) pooling, hidden \(hidden), \(epochs) epochs (\(headEpochs) of the head, "
      + "\(unfreezingEpochs) unfreezing), Adam \(headRate) head, \(networkRate) network x "
      + "\(lowerLayerFactor) a layer, \(batchTokens) tokens a step, dropout \(featureDropout) and "
      + "\(networkDropout), weight decay \(adam.weightDecay), label smoothing \(labelSmoothing), "
      + "class weights \(classWeights.rawValue), "
      + (helped
        ? "helper \(languageModelWeightAtStart) to \(languageModelWeightAtEnd)" : "no helper")
      + ", by \(metric.rawValue)"
      + (confidenceWeights ? ", rows by confidence" : "")
      + (coHead.map { ", co-head 2^\($0.bits)" } ?? "")
      + (refits ? ", trained again on all rows" : "")
  }

  /// How much the language model's loss counts when a share 0 … 1 of the steps is done.
  package func languageModelWeight(at share: Double) -> Float {
    let share = Float(min(1, max(0, share)))
    return languageModelWeightAtStart
      + (languageModelWeightAtEnd - languageModelWeightAtStart) * share
  }

  /// What a row's target is for each of `labels` labels, smoothed: they sum to 1.
  package func targets(truth: Int, labels: Int) -> [Float] {
    precondition((0..<labels).contains(truth), "label \(truth) of \(labels)")
    var targets = [Float](repeating: labelSmoothing / Float(labels), count: labels)
    targets[truth] += 1 - labelSmoothing
    return targets
  }
}
