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
  /// Where sentences start.
  package let stateMode: StateMode
  /// How the layers are joined, unless the caller says otherwise.
  package let scalarMix: ScalarMix

  let encoder: TokenEncoder
  let directions: [[LSTMLayer]]  // forward and backward; layers
  let boundaries: [Float]  // [2, D]: <S> and </S> as the encoder gives them
  let warmState: [Float]  // a row of CarriedStates; empty for zero

  /// Packs the weights of a bundle; `stateMode` replaces the one in the manifest.
  package init(_ bundle: ModelBundle, stateMode: StateMode? = nil) throws(ModelError) {
    let manifest = bundle.manifest
    options = manifest.elmo
    layerCount = options.layerCount + 1
    projectionWidth = options.projectionSize
    width = 2 * options.projectionSize
    maxTokens = manifest.maxTokens
    scalarMix = manifest.scalarMix
    self.stateMode = stateMode ?? manifest.stateMode
    encoder = try TokenEncoder(bundle.tensors, options)
    directions = try Self.layers(bundle.tensors, options)
    boundaries = encoder.encodeBoundaries()
    if self.stateMode == .warm {
      guard let text = manifest.primingText else {
        throw .manifest(
          file: bundle.directory, cause: "state mode warm needs a priming_text, there is none")
      }
      warmState = Self.warmState(
        after: text, encoder: encoder, directions: directions, boundaries: boundaries,
        maxTokens: maxTokens)
      guard !warmState.isEmpty else {
        throw .manifest(file: bundle.directory, cause: "priming_text holds no token")
      }
    } else {
      warmState = []
    }
  }

  /// A model without priming, to prime one with.
  private init(
    encoder: TokenEncoder, directions: [[LSTMLayer]], boundaries: [Float], maxTokens: Int
  ) {
    options = encoder.options
    layerCount = options.layerCount + 1
    projectionWidth = options.projectionSize
    width = 2 * options.projectionSize
    scalarMix = .even(layers: layerCount)
    stateMode = .carry
    warmState = []
    self.encoder = encoder
    self.directions = directions
    self.boundaries = boundaries
    self.maxTokens = maxTokens
  }

  /// The state one row has after the priming text, whose lines are sentences.
  private static func warmState(
    after text: String, encoder: TokenEncoder, directions: [[LSTMLayer]], boundaries: [Float],
    maxTokens: Int
  ) -> [Float] {
    let model = ELMoModel(
      encoder: encoder, directions: directions, boundaries: boundaries, maxTokens: maxTokens)
    var workspace = ELMoWorkspace(for: model, tokenBudget: 0, cacheCapacity: 0)
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      _ = model.pooledLayers([ELMoToken.splitOnSpaces(line)], workspace: &workspace)
    }
    return workspace.carried.rows.first ?? []
  }
}
