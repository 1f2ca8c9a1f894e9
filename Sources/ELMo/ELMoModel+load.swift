import Dispatch
import LinearAlgebra
import Synchronization

extension TensorFile {
  /// A tensor packed as a matrix of `columns`.
  func packed(_ name: String, columns: Int) throws(ModelError) -> PackedMatrix {
    try withFloats(of: name) { (values) throws(ModelError) in
      try Self.refuseNotFinite(values, of: name)
      return PackedMatrix(values, rows: values.count / columns, columns: columns)
    }
  }

  /// A tensor packed as two matrices of `columns`: its first `rows` rows, and the rest.
  func packed(
    _ name: String, rows: Int, columns: Int
  ) throws(ModelError) -> (upper: PackedMatrix, lower: PackedMatrix) {
    try withFloats(of: name) { (values) throws(ModelError) in
      try Self.refuseNotFinite(values, of: name)
      let cut = rows * columns
      return (
        PackedMatrix(values.extracting(0..<cut), rows: rows, columns: columns),
        PackedMatrix(
          values.extracting(cut..<values.count), rows: values.count / columns - rows,
          columns: columns)
      )
    }
  }
}

extension TokenEncoder {
  init(_ tensors: TensorFile, _ options: ELMoOptions) throws(ModelError) {
    self.options = options
    characters = try tensors.floats(of: "char_embed")
    var filters: [Filter] = []
    for (index, filter) in options.filters.enumerated() {
      filters.append(
        Filter(
          width: filter.width,
          kernel: try tensors.packed("CNN/W_cnn_\(index)", columns: filter.count),
          bias: try tensors.floats(of: "CNN/b_cnn_\(index)")))
    }
    self.filters = filters
    var highways: [Highway] = []
    for index in 0..<options.highwayCount {
      let name = "CNN_high_\(index)"
      highways.append(
        Highway(
          carry: try tensors.packed("\(name)/W_carry", columns: options.featureSize),
          carryBias: try tensors.floats(of: "\(name)/b_carry"),
          transform: try tensors.packed("\(name)/W_transform", columns: options.featureSize),
          transformBias: try tensors.floats(of: "\(name)/b_transform")))
    }
    self.highways = highways
    // Of a projection that may be absent, both tensors are there or neither.
    let isThere = tensors.contains("CNN_proj/W_proj") || tensors.contains("CNN_proj/b_proj")
    if options.featureSize != options.projectionSize || isThere {
      projection = Projection(
        weights: try tensors.packed("CNN_proj/W_proj", columns: options.projectionSize),
        bias: try tensors.floats(of: "CNN_proj/b_proj"))
    } else {
      projection = nil
    }
  }
}

extension LSTMLayer {
  init(
    _ tensors: TensorFile, _ options: ELMoOptions, direction: Int, layer: Int
  ) throws(ModelError) {
    let name = ELMoOptions.cellName(direction: direction, layer: layer)
    let (d, h) = (options.projectionSize, options.cellSize)
    (input, recurrent) = try tensors.packed("\(name)/W_0", rows: d, columns: 4 * h)
    bias = try tensors.floats(of: "\(name)/B")
    if h != d || tensors.contains("\(name)/W_P_0") {
      projection = try tensors.packed("\(name)/W_P_0", columns: d)
    } else {
      projection = nil
    }
  }
}

extension ELMoModel {
  /// Packs all layers, the two directions on two threads: most of a model's bytes are here.
  static func layers(
    _ tensors: TensorFile, _ options: ELMoOptions
  ) throws(ModelError) -> [[LSTMLayer]] {
    let packed = Mutex([Result<[LSTMLayer], ModelError>?](repeating: nil, count: 2))
    DispatchQueue.concurrentPerform(iterations: 2) { direction in
      let outcome = Result { () throws(ModelError) in
        var layers: [LSTMLayer] = []
        for layer in 0..<options.layerCount {
          layers.append(try LSTMLayer(tensors, options, direction: direction, layer: layer))
        }
        return layers
      }
      packed.withLock { $0[direction] = outcome }
    }
    var directions: [[LSTMLayer]] = []
    for outcome in packed.withLock({ $0 }) {
      if let outcome { directions.append(try outcome.get()) }
    }
    return directions
  }
}
