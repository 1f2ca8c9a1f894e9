/// What model.json says about a bundle.
package struct ModelManifest: Codable, Sendable, Equatable {
  /// The format this program writes and reads.
  package static let currentVersion = 1

  /// The weight file beside model.json.
  package struct Weights: Codable, Sendable, Equatable {
    /// Its name inside the bundle.
    package var file: String
    /// SHA-256 of all its bytes, 64 hexadecimal digits.
    package var sha256: String

    /// Makes a reference to a weight file.
    package init(file: String = "weights.safetensors", sha256: String) {
      self.file = file
      self.sha256 = sha256
    }
  }

  /// The version of the format.
  package var formatVersion: Int
  /// The model's name, as it stands in tables and logs.
  package var name: String
  /// The network.
  package var elmo: ELMoOptions
  /// Where sentences start.
  package var stateMode: StateMode
  /// What the biLSTM's products are computed in; nil for single precision.
  package var engine: Engine?
  /// The text that makes the `warm` state; split on spaces.
  package var primingText: String?
  /// The cleaning profile: `article`, `article-2`, `tweet` or `tweet-2`.
  package var cleaning: String
  /// The languages that the model was trained on, as codes such as `en`; nil: not told, any text is read.
  package var languages: [String]?
  /// The longest sentence, in tokens; the rest is cut.
  package var maxTokens: Int
  /// How the layers are joined.
  package var scalarMix: ScalarMix
  /// The labels in the order of the head's outputs; nil for a bare biLM.
  package var labels: [String]?
  /// The classifier's head; nil for a bare biLM.
  package var head: Head?
  /// What the head's logits count for where a co-head's are added to them; 1 without it.
  package var headWeight: Float?
  /// The linear head on n-grams beside the network's head; nil for none.
  package var coHead: CoHead?
  /// Divides the logits before the probabilities are made.
  package var temperature: Float?
  /// What is added to each label's logit after that, so that mean probabilities are shares; two labels have two too.
  package var labelBiases: [Float]?
  /// The score that the decision `threshold` of two labels parts at.
  package var threshold: Float?
  /// What the decision `macro_recall` adds to each label's log-probability; for three labels or more.
  package var labelOffsets: [Float]?
  /// Scores from the first to the second count as neutral.
  package var neutralBand: [Float]?
  /// Facts of the training, free text by key.
  package var training: [String: String]
  /// Terms the weights come under.
  package var licence: String?
  /// The weight file.
  package var weights: Weights
  /// SHA-256 of this file with zeros in the place of the digest; nil in older bundles, where nothing covers this file.
  package var digest: String?

  /// Makes the manifest of a bare biLM; labels, head and calibration are set afterwards.
  package init(
    name: String, elmo: ELMoOptions, stateMode: StateMode = .zero, primingText: String? = nil,
    cleaning: String = "article", maxTokens: Int = 256, scalarMix: ScalarMix? = nil,
    licence: String? = nil, weights: Weights = Weights(sha256: "")
  ) {
    formatVersion = Self.currentVersion
    self.name = name
    self.elmo = elmo
    self.stateMode = stateMode
    self.primingText = primingText
    self.cleaning = cleaning
    self.maxTokens = maxTokens
    self.scalarMix = scalarMix ?? .even(layers: elmo.layerCount + 1)
    self.training = [:]
    self.licence = licence
    self.weights = weights
  }

  enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case name
    case elmo
    case stateMode = "state_mode"
    case engine
    case primingText = "priming_text"
    case cleaning
    case languages
    case maxTokens = "max_tokens"
    case scalarMix = "scalar_mix"
    case labels
    case head
    case headWeight = "head_weight"
    case coHead = "cohead"
    case temperature
    case labelBiases = "label_biases"
    case threshold
    case labelOffsets = "label_offsets"
    case neutralBand = "neutral_band"
    case training
    case licence
    case weights
    case digest
  }

  /// Logits that decide between the labels: 1 for two labels (of the second), one a label otherwise;
  /// 0 for a bare biLM.
  package var outputs: Int { labels.map { $0.count == 2 ? 1 : $0.count } ?? 0 }

  /// Every tensor the bundle needs: the network's, the heads' and the co-head's.
  package var tensors: [TensorRequirement] {
    guard let head, labels != nil else { return elmo.tensors }
    let heads = (0..<head.members).flatMap { member in
      HeadTensor.allCases.compactMap {
        head.requirement($0, member: member, width: 2 * elmo.projectionSize, outputs: outputs)
      }
    }
    return elmo.tensors + heads + (coHead?.tensors(outputs: outputs) ?? [])
  }
}
