extension ELMoOptions {
  /// The tensors this network is made of, by the names of the published weight files (ELMO.md 6).
  package var tensors: [TensorRequirement] {
    let features = featureSize
    var list = [TensorRequirement("char_embed", [261, characterSize])]
    for (index, filter) in filters.enumerated() {
      list.append(.init("CNN/W_cnn_\(index)", [1, filter.width, characterSize, filter.count]))
      list.append(.init("CNN/b_cnn_\(index)", [filter.count]))
    }
    for index in 0..<highwayCount {
      list.append(.init("CNN_high_\(index)/W_carry", [features, features]))
      list.append(.init("CNN_high_\(index)/W_transform", [features, features]))
      list.append(.init("CNN_high_\(index)/b_carry", [features]))
      list.append(.init("CNN_high_\(index)/b_transform", [features]))
    }
    // Absent from files whose sizes already agree; used when a file has it all the same.
    let bare = features == projectionSize
    list.append(.init("CNN_proj/W_proj", [features, projectionSize], isOptional: bare))
    list.append(.init("CNN_proj/b_proj", [projectionSize], isOptional: bare))
    for direction in 0..<2 {
      for layer in 0..<layerCount {
        let cell = Self.cellName(direction: direction, layer: layer)
        list.append(.init("\(cell)/W_0", [2 * projectionSize, 4 * cellSize]))
        list.append(.init("\(cell)/B", [4 * cellSize]))
        list.append(
          .init(
            "\(cell)/W_P_0", [cellSize, projectionSize], isOptional: cellSize == projectionSize))
      }
    }
    return list
  }

  /// The name of a cell, before its tensors'.
  package static func cellName(direction: Int, layer: Int) -> String {
    "RNN_\(direction)/RNN/MultiRNNCell/Cell\(layer)/LSTMCell"
  }
}
