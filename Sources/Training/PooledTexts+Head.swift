package import Classifier

extension PooledTexts {
  /// The probabilities of some rows' labels by a head, in the order of `rows`.
  package func probabilities(
    of rows: [Int], by head: Head, temperature: Float? = nil
  ) -> [[Double]] {
    let outputs = head.shape.outputs
    let logits = PooledTexts.logits(of: rows, in: self, by: head)
    let scale = Double(temperature ?? 1)
    return rows.indices.map { place in
      Head.probabilities(
        logits: logits[(place * outputs)..<((place + 1) * outputs)].map { Double($0) / scale })
    }
  }

  /// The logits [rows, outputs] of some rows, gathered in blocks.
  static func logits(of rows: [Int], in data: PooledTexts, by head: Head) -> [Float] {
    let size = data.layers * data.width
    var logits: [Float] = []
    var gathered: [Float] = []
    for first in stride(from: 0, to: rows.count, by: 256) {
      let block = rows[first..<min(first + 256, rows.count)]
      gathered.removeAll(keepingCapacity: true)
      for row in block {
        gathered.append(contentsOf: data.values[(row * size)..<((row + 1) * size)])
      }
      logits.append(contentsOf: head.logits(pooled: gathered.span, rows: block.count))
    }
    return logits
  }
}
