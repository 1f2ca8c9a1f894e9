extension ELMoOptions {
  private static let publishedFilters = [
    Filter(width: 1, count: 32), Filter(width: 2, count: 32), Filter(width: 3, count: 64),
    Filter(width: 4, count: 128), Filter(width: 5, count: 256), Filter(width: 6, count: 512),
    Filter(width: 7, count: 1024),
  ]

  private static func published(cell: Int, projection: Int, highway: Int) -> ELMoOptions {
    ELMoOptions(
      cellSize: cell, projectionSize: projection, layerCount: 2, cellClip: 3, projectionClip: 3,
      usesSkipConnections: true, activation: .relu, characterSize: 16, filters: publishedFilters,
      highwayCount: highway)
  }

  /// The published 93.6 M-parameter model, `2x4096_512_2048cnn_2xhighway`.
  package static let original = published(cell: 4096, projection: 512, highway: 2)

  /// The published 28.0 M-parameter model, `2x2048_256_2048cnn_1xhighway`.
  package static let medium = published(cell: 2048, projection: 256, highway: 1)

  /// The published 13.6 M-parameter model, `2x1024_128_2048cnn_1xhighway`.
  package static let small = published(cell: 1024, projection: 128, highway: 1)

  /// A compact model for tweets (ELMO.md 8.4); 512 and 128 give its size C, 3.0 M parameters.
  package static func compact(cellSize: Int = 512, projectionSize: Int = 128) -> ELMoOptions {
    ELMoOptions(
      cellSize: cellSize, projectionSize: projectionSize, layerCount: 2, cellClip: 3,
      projectionClip: 3, usesSkipConnections: true, activation: .relu, characterSize: 16,
      filters: [
        Filter(width: 1, count: 16), Filter(width: 2, count: 32), Filter(width: 3, count: 64),
        Filter(width: 4, count: 96), Filter(width: 5, count: 128), Filter(width: 6, count: 176),
      ],
      highwayCount: 1)
  }
}
