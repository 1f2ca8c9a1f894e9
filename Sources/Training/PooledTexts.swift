/// The pooled layers of many texts, computed once and read in every epoch.
package struct PooledTexts: Sendable {
  /// Texts.
  package let rows: Int
  /// Layers a text.
  package let layers: Int
  /// Numbers a layer.
  package let width: Int
  /// [rows, layers, width], row-major.
  package let values: [Float]

  /// Pooled layers from their numbers.
  package init(rows: Int, layers: Int, width: Int, values: [Float]) {
    precondition(
      values.count == rows * layers * width,
      "\(rows) x \(layers) x \(width) pooled numbers are \(rows * layers * width), not \(values.count)"
    )
    self.rows = rows
    self.layers = layers
    self.width = width
    self.values = values
  }

  /// Pooled layers of `rows` texts, asked for in blocks of at most `block` rows.
  ///
  /// `embed` answers [rows of the block, layers, width]; `progress` hears how many rows are done.
  package init(
    rows: Int, layers: Int, width: Int, block: Int, embed: (Range<Int>) throws -> [Float],
    progress: (Int) -> Void
  ) rethrows {
    precondition(block > 0, "a block holds at least 1 row, not \(block)")
    var values: [Float] = []
    values.reserveCapacity(rows * layers * width)
    for first in stride(from: 0, to: rows, by: block) {
      let range = first..<min(first + block, rows)
      values.append(contentsOf: try embed(range))
      progress(range.upperBound)
    }
    self.init(rows: rows, layers: layers, width: width, values: values)
  }

  /// The first row that holds NaN or infinity.
  var firstRowNotFinite: Int? {
    let size = layers * width
    return values.firstIndex { !$0.isFinite }.map { $0 / max(size, 1) }
  }
}
