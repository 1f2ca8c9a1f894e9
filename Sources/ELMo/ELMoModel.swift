import LinearAlgebra

/// A loaded model: weights packed for the processor, never changed, shared by all workers.
package final class ELMoModel: Sendable {
  /// The network.
  package let options: ELMoOptions
  /// Layers that are mixed: N + 1, the token encoder's included.
  package let layerCount: Int
  /// Numbers in a token's vector of one layer, 2D.
  package let width: Int
  /// D.
  package let projectionWidth: Int
  /// The longest sentence, in tokens.
  package let maxTokens: Int
  /// What the biLSTM's products are computed in.
  package let engine: Engine
  /// Where sentences start.
  package let stateMode: StateMode
  /// How the layers are joined, unless the caller says otherwise.
  package let scalarMix: ScalarMix

  let encoder: TokenEncoder
  let biLSTM: BiLSTM
  let boundaries: [Float]  // [2, D]: <S> and </S> as the encoder gives them
  let startState: [Float]  // a row of CarriedStates, past the first boundary; empty for carry

  /// Packs the weights of a bundle; `stateMode` and `engine` replace those in the manifest.
  package init(
    _ bundle: ModelBundle, stateMode: StateMode? = nil, engine: Engine? = nil
  ) throws(ModelError) {
    let manifest = bundle.manifest
    options = manifest.elmo
    layerCount = options.layerCount + 1
    projectionWidth = options.projectionSize
    width = 2 * options.projectionSize
    maxTokens = manifest.maxTokens
    scalarMix = manifest.scalarMix
    self.stateMode = stateMode ?? manifest.stateMode
    let used = engine ?? manifest.engine ?? .fp32
    self.engine = used
    encoder = try TokenEncoder(bundle.tensors, options)
    biLSTM = BiLSTM(
      options: options, engine: used,
      directions: try Self.layers(bundle.tensors, options, engine: used))
    boundaries = encoder.encodeBoundaries()
    switch self.stateMode {
    case .carry: startState = []
    case .zero: startState = biLSTM.stateAfterBoundary(boundaries, from: [])
    case .warm:
      guard let text = manifest.primingText else {
        throw .manifest(
          file: bundle.directory, cause: "state mode warm needs a priming_text, there is none")
      }
      let warm = Self.warmState(
        after: text, encoder: encoder, biLSTM: biLSTM, boundaries: boundaries,
        maxTokens: maxTokens)
      guard !warm.isEmpty else {
        throw .manifest(file: bundle.directory, cause: "priming_text holds no token")
      }
      startState = biLSTM.stateAfterBoundary(boundaries, from: warm)
    }
  }

  /// The engine and the path that this processor takes: such as `int8 on avx2`.
  package var engineDescription: String { "\(engine.rawValue) on \(engine.path)" }

  /// A model without priming, to prime one with.
  private init(
    encoder: TokenEncoder, biLSTM: BiLSTM, boundaries: [Float], maxTokens: Int
  ) {
    options = encoder.options
    layerCount = options.layerCount + 1
    projectionWidth = options.projectionSize
    width = 2 * options.projectionSize
    scalarMix = .even(layers: layerCount)
    stateMode = .carry
    engine = biLSTM.engine
    startState = []
    self.encoder = encoder
    self.biLSTM = biLSTM
    self.boundaries = boundaries
    self.maxTokens = maxTokens
  }

  /// The state one row has after the priming text, whose lines are sentences.
  private static func warmState(
    after text: String, encoder: TokenEncoder, biLSTM: BiLSTM, boundaries: [Float],
    maxTokens: Int
  ) -> [Float] {
    let model = ELMoModel(
      encoder: encoder, biLSTM: biLSTM, boundaries: boundaries, maxTokens: maxTokens)
    var workspace = ELMoWorkspace(for: model, tokenBudget: 0, cacheCapacity: 0)
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      _ = model.pooledLayers([ELMoToken.splitOnSpaces(line)], workspace: &workspace)
    }
    return workspace.carried.rows.first ?? []
  }
}
