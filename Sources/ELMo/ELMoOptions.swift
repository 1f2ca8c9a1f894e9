/// What options.json says about a network (ELMO.md 6.2).
package struct ELMoOptions: Sendable, Equatable {
  /// One kind of convolution: its width in characters and how many channels it makes.
  package struct Filter: Sendable, Equatable {
    /// Characters a window covers.
    package var width: Int
    /// Channels, the filter's part of F.
    package var count: Int

    /// Makes a filter description.
    package init(width: Int, count: Int) {
      self.width = width
      self.count = count
    }
  }

  /// The non-linearity after the max-pool.
  package enum Activation: String, Sendable {
    case relu, tanh
  }

  /// H, `lstm.dim`.
  package var cellSize: Int
  /// D, `lstm.projection_dim`.
  package var projectionSize: Int
  /// N, `lstm.n_layers`, of each direction.
  package var layerCount: Int
  /// Limit of the cell state; nil for none.
  package var cellClip: Float?
  /// Limit of the projected output; nil for none.
  package var projectionClip: Float?
  /// Whether a layer above the first adds its input to its output.
  package var usesSkipConnections: Bool

  /// The non-linearity after the max-pool.
  package var activation: Activation
  /// d, `char_cnn.embedding.dim`.
  package var characterSize: Int
  /// The convolutions, in the order their outputs are joined.
  package var filters: [Filter]
  /// Highway layers; 0 for none.
  package var highwayCount: Int
  /// M, `char_cnn.max_characters_per_token`.
  package var charactersPerToken: Int
  /// 262, or 261 in many shared models, by mistake.
  package var characterCount: Int

  /// Keys this program does not use: of the top, of `lstm`, of `char_cnn`.
  package var others: [String: JSONValue] = [:]
  var otherLSTM: [String: JSONValue] = [:]
  var otherCharCNN: [String: JSONValue] = [:]

  /// Makes options from their values.
  package init(
    cellSize: Int, projectionSize: Int, layerCount: Int = 1, cellClip: Float? = nil,
    projectionClip: Float? = nil, usesSkipConnections: Bool = false,
    activation: Activation = .relu, characterSize: Int, filters: [Filter], highwayCount: Int = 0,
    charactersPerToken: Int = 50, characterCount: Int = 262
  ) {
    self.cellSize = cellSize
    self.projectionSize = projectionSize
    self.layerCount = layerCount
    self.cellClip = cellClip
    self.projectionClip = projectionClip
    self.usesSkipConnections = usesSkipConnections
    self.activation = activation
    self.characterSize = characterSize
    self.filters = filters
    self.highwayCount = highwayCount
    self.charactersPerToken = charactersPerToken
    self.characterCount = characterCount
  }

  /// F, the sum of the filter counts.
  package var featureSize: Int { filters.reduce(0) { $0 + $1.count } }

  /// The most bytes of a token that count, M - 2.
  package var bytesPerToken: Int { charactersPerToken - 2 }

  /// Numbers in the network.
  package var parameterCount: Int {
    tensors.reduce(0) { $0 + ($1.isOptional ? 0 : $1.shape.reduce(1, *)) }
  }
}
