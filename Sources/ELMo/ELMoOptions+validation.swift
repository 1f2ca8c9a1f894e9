extension ELMoOptions {
  /// Refuses options that describe no network, before anything is allocated for them.
  package func validate() throws(ModelError) {
    func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(ModelError) {
      guard range.contains(value) else {
        throw .options("\(name) is \(value), wanted \(range.lowerBound) to \(range.upperBound)")
      }
    }
    func check(_ name: String, clip: Float?) throws(ModelError) {
      guard let clip else { return }
      guard clip.isFinite, clip > 0 else {
        throw .options("\(name) is \(clip), wanted a positive number, or null or 0 for none")
      }
    }
    try check("lstm.dim", cellSize, in: 1...65_536)
    try check("lstm.projection_dim", projectionSize, in: 1...65_536)
    try check("lstm.n_layers", layerCount, in: 1...64)
    try check("lstm.cell_clip", clip: cellClip)
    try check("lstm.proj_clip", clip: projectionClip)
    try check("char_cnn.embedding.dim", characterSize, in: 1...4096)
    try check("char_cnn.n_highway", highwayCount, in: 0...64)
    try check("char_cnn.max_characters_per_token", charactersPerToken, in: 3...1024)
    try check("the number of char_cnn.filters", filters.count, in: 1...64)
    for (index, filter) in filters.enumerated() {
      try check("the width of char_cnn.filters[\(index)]", filter.width, in: 1...charactersPerToken)
      try check("the count of char_cnn.filters[\(index)]", filter.count, in: 1...65_536)
    }
    guard characterCount == 261 || characterCount == 262 else {
      throw .options(
        "char_cnn.n_characters is \(characterCount), wanted 262 (or 261, a common mistake)")
    }
    guard projectionSize <= cellSize else {
      throw .options(
        "lstm.projection_dim \(projectionSize) is greater than lstm.dim \(cellSize); "
          + "a projection makes the cell's output smaller")
    }
    guard featureSize >= projectionSize else {
      throw .options(
        "the filters of char_cnn make \(featureSize) channels, fewer than "
          + "lstm.projection_dim \(projectionSize)")
    }
  }

  /// A line for the log when the options are usable but odd, such as 261 characters.
  package var remark: String? {
    guard characterCount == 261 else { return nil }
    return "char_cnn.n_characters is 261, the number for training; read as 262"
  }
}
