import LinearAlgebra

extension TensorFile {
  /// A tensor packed as a matrix of `columns`.
  func packed(_ name: String, columns: Int) throws(ModelError) -> PackedMatrix {
    try withFloats(of: name) { (values) throws(ModelError) in
      try Self.refuseNotFinite(values, of: name)
      return PackedMatrix(values, rows: values.count / columns, columns: columns)
    }
  }

  /// A tensor as matrices of `columns` for an engine, cut after these rows; `stripes` order the columns.
  ///
  /// Numbers that are stored in eight bits keep their columns' scales, so that nothing is rounded again.
  func matrices(
    _ name: String, cutAfter cuts: [Int] = [], columns: Int, engine: Engine,
    stripes: GateStripes? = nil
  ) throws(ModelError) -> [EngineMatrix] {
    let given = engine == .int8 ? try columnScales(of: name) : nil
    let scales = given.map { stripes?.ordered($0.span) ?? $0 }
    return try withFloats(of: name) { (values) throws(ModelError) in
      try Self.refuseNotFinite(values, of: name)
      let ends = cuts + [values.count / columns]
      return zip([0] + cuts, ends).map { start, end in
        let part = values.extracting(start * columns..<end * columns)
        guard let stripes else {
          return EngineMatrix(
            part, rows: end - start, columns: columns, engine: engine, scales: scales)
        }
        let ordered = stripes.ordered(part)
        return EngineMatrix(
          ordered.span, rows: end - start, columns: columns, engine: engine,
          scales: scales)
      }
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
    _ tensors: TensorFile, _ options: ELMoOptions, direction: Int, layer: Int, engine: Engine
  ) throws(ModelError) {
    let name = ELMoOptions.cellName(direction: direction, layer: layer)
    let (d, h) = (options.projectionSize, options.cellSize)
    let stripes = GateStripes(cellSize: h)
    let halves = try tensors.matrices(
      "\(name)/W_0", cutAfter: [d], columns: 4 * h, engine: engine, stripes: stripes)
    (input, recurrent) = (halves[0], halves[1])
    let gates = try tensors.floats(of: "\(name)/B")
    bias = stripes.ordered(gates.span)
    if h != d || tensors.contains("\(name)/W_P_0") {
      projection = try tensors.matrices("\(name)/W_P_0", columns: d, engine: engine)[0]
    } else {
      projection = nil
    }
  }
}

extension ELMoModel {
  /// Packs all layers, the two directions on two threads: most of a model's bytes are here.
  static func layers(
    _ tensors: TensorFile, _ options: ELMoOptions, engine: Engine
  ) throws(ModelError) -> [[LSTMLayer]] {
    let packed = Threads.map(2, on: 2) { direction in
      Result { () throws(ModelError) in
        var layers: [LSTMLayer] = []
        for layer in 0..<options.layerCount {
          layers.append(
            try LSTMLayer(
              tensors, options, direction: direction, layer: layer, engine: engine))
        }
        return layers
      }
    }
    var directions: [[LSTMLayer]] = []
    for outcome in packed { directions.append(try outcome.get()) }
    return directions
  }
}
