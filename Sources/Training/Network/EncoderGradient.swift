import ELMo
import LinearAlgebra

/// The token encoder for some distinct tokens: characters to vectors (ELMO.md 2), and back.
///
/// n tokens, F features, D the projection width. Of a token's M characters only its own and the first
/// windows of padding are convolved: all later windows are equal to the first that is padding alone,
/// and the maximum and its first place are the same.
///
/// `@unchecked Sendable`: one thread works on it during a phase, and the network waits for the phase.
final class EncoderGradient<R: Real>: @unchecked Sendable {
  private struct Filter {
    let width: Int
    let count: Int
    let feature: Int  // the first of its features
    let kernelRange: Range<Int>
    let biasRange: Range<Int>
    let kernel: R.Factor  // [width * d, count]
    let kernelRows = Block<R>()  // the transpose, [count, width * d]
    let kernelGradient = Block<R>()  // likewise
    let bias = Block<R>()
  }

  private struct Highway {
    let carryRange: Range<Int>
    let carryBiasRange: Range<Int>
    let transformRange: Range<Int>
    let transformBiasRange: Range<Int>
    let carry: R.Factor
    let carryBack: R.Factor
    let carryBias = Block<R>()
    let transform: R.Factor
    let transformBack: R.Factor
    let transformBias = Block<R>()
    let input = Block<R>()  // [n, F]
    let gate = Block<R>()  // [n, F]
    let transformed = Block<R>()  // [n, F]
  }

  private let options: ELMoOptions
  private let features: Int
  private let d: Int
  private let size: Int  // of a character's vector
  private let widest: Int
  private let characterRange: Range<Int>
  private let projectionRange: Range<Int>?
  private let projectionBiasRange: Range<Int>

  private let filters: [Filter]
  private let highways: [Highway]
  private let characters = Block<R>()  // [261, size]
  private let projection: R.Factor  // [F, D]
  private let projectionBack: R.Factor  // [D, F]
  private let projectionBias = Block<R>()
  private let fresh: R.Factor

  private var ids: [Int32] = []  // character ids of all tokens, slot after slot
  private var slots: [Int] = [0]  // where each token's ids begin, and where the last one's end
  private var lengths: [Int] = []  // characters of each token that are not padding
  private var winners: [Int32] = []  // the first window of the maximum, [n, F]
  private let embedded = Block<R>()  // [positions of a block, size]
  private let scores = Block<R>()  // [positions of a block, count]
  private let pooled = Block<R>()  // after the activation; then what the last highway makes, [n, F]
  private let activated = Block<R>()  // after the activation, [n, F]
  private let featureGradient = Block<R>()  // [n, F]
  private let gateGradient = Block<R>()  // [n, F]
  private let transformedGradient = Block<R>()  // [n, F]
  private let window = Block<R>()  // the characters of one token, [M, size]
  private let windowGradient = Block<R>()  // [M, size]
  private let characterGradient = Block<R>()  // [261, size]

  /// The tokens' vectors, [n, D].
  let output = Block<R>()
  /// The gradient at the vectors, [n, D]: the caller adds to it before `backward`.
  let outputGradient = Block<R>()
  private(set) var tokenCount = 0

  init(_ layout: ParameterLayout, precision: ProductPrecision) {
    options = layout.options
    features = options.featureSize
    d = options.projectionSize
    size = options.characterSize
    widest = options.filters.reduce(0) { max($0, $1.width) }
    characterRange = layout.range(of: "char_embed")
    var filters: [Filter] = []
    var feature = 0
    for (index, filter) in options.filters.enumerated() {
      filters.append(
        Filter(
          width: filter.width, count: filter.count, feature: feature,
          kernelRange: layout.range(of: "CNN/W_cnn_\(index)"),
          biasRange: layout.range(of: "CNN/b_cnn_\(index)"), kernel: R.Factor(precision)))
      feature += filter.count
    }
    self.filters = filters
    highways = (0..<options.highwayCount).map { index in
      let name = "CNN_high_\(index)"
      return Highway(
        carryRange: layout.range(of: "\(name)/W_carry"),
        carryBiasRange: layout.range(of: "\(name)/b_carry"),
        transformRange: layout.range(of: "\(name)/W_transform"),
        transformBiasRange: layout.range(of: "\(name)/b_transform"), carry: R.Factor(precision),
        carryBack: R.Factor(precision), transform: R.Factor(precision),
        transformBack: R.Factor(precision))
    }
    let isProjected = options.featureSize != options.projectionSize
    projectionRange = isProjected ? layout.range(of: "CNN_proj/W_proj") : nil
    projectionBiasRange = isProjected ? layout.range(of: "CNN_proj/b_proj") : 0..<0
    projection = R.Factor(precision)
    projectionBack = R.Factor(precision)
    fresh = R.Factor(precision)
  }

  /// Takes over the encoder's parameters, [all of them]; `back` when `backward` will follow.
  func load(_ parameters: Span<R>, back: Bool) {
    characters.set(parameters.extracting(characterRange))
    for index in filters.indices {
      let (rows, columns) = (filters[index].width * size, filters[index].count)
      let values = parameters.extracting(filters[index].kernelRange)
      filters[index].kernel.set(
        values, rows: rows, columns: columns, stride: columns, transposed: false)
      filters[index].bias.set(parameters.extracting(filters[index].biasRange))
      guard back else { continue }
      filters[index].kernelRows.grow(to: rows * columns)
      var transposed = filters[index].kernelRows.mutableSpan
      for row in 0..<rows {
        for column in 0..<columns {
          transposed[column * rows + row] = values[row * columns + column]
        }
      }
    }
    let f = features
    for index in highways.indices {
      let carry = parameters.extracting(highways[index].carryRange)
      let transform = parameters.extracting(highways[index].transformRange)
      highways[index].carry.set(carry, rows: f, columns: f, stride: f, transposed: false)
      highways[index].transform.set(transform, rows: f, columns: f, stride: f, transposed: false)
      if back {
        highways[index].carryBack.set(carry, rows: f, columns: f, stride: f, transposed: true)
        highways[index].transformBack.set(
          transform, rows: f, columns: f, stride: f, transposed: true)
      }
      highways[index].carryBias.set(parameters.extracting(highways[index].carryBiasRange))
      highways[index].transformBias.set(parameters.extracting(highways[index].transformBiasRange))
    }
    guard let projectionRange else { return }
    let values = parameters.extracting(projectionRange)
    projection.set(values, rows: f, columns: d, stride: d, transposed: false)
    if back { projectionBack.set(values, rows: d, columns: f, stride: d, transposed: true) }
    projectionBias.set(parameters.extracting(projectionBiasRange))
  }

  /// The vectors of some tokens.
  func forward(_ tokens: [ELMoToken]) {
    tokenCount = tokens.count
    let n = tokens.count
    winners.grow32(to: n * features)
    activated.grow(to: n * features)
    pooled.grow(to: n * features)
    output.grow(to: n * d)
    outputGradient.grow(to: n * d)
    outputGradient.fill(n * d, with: 0)
    spell(tokens)
    // Blocks keep the convolution's scores in the cache.
    for first in stride(from: 0, to: n, by: 64) {
      convolve(first..<min(n, first + 64))
    }
    if options.activation == .tanh {
      var all = activated.mutableSpan
      var own = all.part(0..<n * features)
      R.tanh(&own)
    }
    var x = pooled.mutableSpan
    x.copy(activated.span(0..<n * features), at: 0)
    for index in highways.indices { forwardHighway(index, rows: n) }
    var y = output.mutableSpan
    let source = pooled.span(0..<n * features)
    guard projectionRange != nil else {
      y.copy(source, at: 0)
      return
    }
    projection.multiply(
      source, aStride: features, rows: n, bias: projectionBias.span, accumulate: false, into: &y,
      cStride: d)
  }

  private func spell(_ tokens: [ELMoToken]) {
    ids.removeAll(keepingCapacity: true)
    slots = [0]
    lengths.removeAll(keepingCapacity: true)
    let limit = options.charactersPerToken
    for token in tokens {
      let row = token.characterIDs(charactersPerToken: limit)
      let padding = Int32(260)
      var length = row.count
      while length > 0, row[length - 1] == padding { length -= 1 }
      let slot = min(limit, length + widest)
      for id in row[..<slot] { ids.append(Int32(id)) }
      lengths.append(length)
      slots.append(ids.count)
    }
  }

  private func windows(of token: Int, width: Int) -> Int {
    min(options.charactersPerToken - width, lengths[token]) + 1
  }

  private func convolve(_ tokens: Range<Int>) {
    let start = slots[tokens.lowerBound]
    let positions = slots[tokens.upperBound] - start
    embedded.grow(to: positions * size)
    var target = embedded.mutableSpan
    let table = characters.span
    for position in 0..<positions {
      let id = Int(ids[start + position])
      target.copy(table.extracting(id * size..<(id + 1) * size), at: position * size)
    }
    let isRelu = options.activation == .relu
    for index in filters.indices {
      let (width, count) = (filters[index].width, filters[index].count)
      let rows = positions - width + 1
      guard rows > 0 else { continue }
      scores.grow(to: rows * count)
      var result = scores.mutableSpan
      filters[index].kernel.multiply(
        embedded.span(0..<positions * size), aStride: size,
        rows: rows, bias: nil, accumulate: false, into: &result, cStride: count)
      let found = scores.span
      let bias = filters[index].bias
      var best = activated.mutableSpan
      for token in tokens {
        let first = slots[token] - start
        let at = token * features + filters[index].feature
        best.copy(found.extracting(first * count..<(first + 1) * count), at: at)
        Self.maximum(
          found, first: first, windows: windows(of: token, width: width), count: count,
          best: &best, winners: &winners, at: at)
        best.add(bias.span, at: at)
        guard isRelu else { continue }
        for place in at..<at + count where best[place] <= 0 { best[place] = 0 }
      }
    }
  }

  /// The greatest of each column over the windows of a token, and the first window that has it;
  /// `best` holds the first window's scores.
  private static func maximum(
    _ scores: Span<R>, first: Int, windows: Int, count: Int, best: inout MutableSpan<R>,
    winners: inout [Int32], at start: Int
  ) {
    precondition(start + count <= best.count && start + count <= winners.count)
    precondition((first + windows) * count <= scores.count)
    unsafe scores.withUnsafeBufferPointer { scores in
      unsafe best.withUnsafeMutableBufferPointer { best in
        unsafe winners.withUnsafeMutableBufferPointer { winners in
          for place in 0..<count { unsafe winners[start + place] = 0 }
          for window in 1..<max(1, windows) {
            let row = (first + window) * count
            for place in 0..<count {
              let value = unsafe scores[row + place]
              let isGreater = unsafe value > best[start + place]
              unsafe best[start + place] = isGreater ? value : best[start + place]
              unsafe winners[start + place] = isGreater ? Int32(window) : winners[start + place]
            }
          }
        }
      }
    }
  }

  private func forwardHighway(_ index: Int, rows n: Int) {
    let f = features
    highways[index].input.grow(to: n * f)
    highways[index].gate.grow(to: n * f)
    highways[index].transformed.grow(to: n * f)
    var input = highways[index].input.mutableSpan
    input.copy(pooled.span(0..<n * f), at: 0)
    let x = pooled.span(0..<n * f)
    var gates = highways[index].gate.mutableSpan
    var gate = gates.part(0..<n * f)
    highways[index].carry.multiply(
      x, aStride: f, rows: n, bias: highways[index].carryBias.span, accumulate: false, into: &gate,
      cStride: f)
    R.sigmoid(&gate)
    var transforms = highways[index].transformed.mutableSpan
    var transformed = transforms.part(0..<n * f)
    highways[index].transform.multiply(
      x, aStride: f, rows: n, bias: highways[index].transformBias.span, accumulate: false,
      into: &transformed, cStride: f)
    var y = pooled.mutableSpan
    let g = highways[index].gate.span
    for place in 0..<n * f {
      let t = max(0, transformed[place])
      transformed[place] = t
      y[place] += g[place] * (t - y[place])
    }
  }

  /// From the gradient at the vectors; adds to the gradient of all parameters.
  func backward(into gradient: Block<R>) {
    let (n, f) = (tokenCount, features)
    guard n > 0 else { return }
    featureGradient.grow(to: n * f)
    var dy = featureGradient.mutableSpan
    let upstream = outputGradient.span(0..<n * d)
    if let projectionRange {
      projectionBack.multiply(
        upstream, aStride: d, rows: n, bias: nil, accumulate: false, into: &dy, cStride: f)
      var all = gradient.mutableSpan
      var dw = all.part(projectionRange)
      fresh.addTransposedProduct(
        pooled.span, aStride: f, rows: f, by: upstream, bStride: d, columns: d, depth: n, into: &dw)
      var db = all.part(projectionBiasRange)
      db.addRows(of: upstream, rows: n)
    } else {
      dy.copy(upstream, at: 0)
    }
    for index in highways.indices.reversed() {
      backwardHighway(index, rows: n, into: gradient)
    }
    activationGradient(count: n * f)
    convolutionGradient(into: gradient)
  }

  // With y = g t + (1 - g) x: dt = dy g, dg = dy (t - x), dx = dy (1 - g) and what flows through.
  private func backwardHighway(_ index: Int, rows n: Int, into gradient: Block<R>) {
    let f = features
    gateGradient.grow(to: n * f)
    transformedGradient.grow(to: n * f)
    let x = highways[index].input.span
    let g = highways[index].gate.span
    let t = highways[index].transformed.span
    var dy = featureGradient.mutableSpan
    var dg = gateGradient.mutableSpan
    var dt = transformedGradient.mutableSpan
    for place in 0..<n * f {
      let upstream = dy[place]
      dg[place] = upstream * (t[place] - x[place]) * g[place] * (1 - g[place])
      dt[place] = t[place] > 0 ? upstream * g[place] : 0
      dy[place] = upstream * (1 - g[place])
    }
    let dgates = gateGradient.span(0..<n * f)
    let dtransforms = transformedGradient.span(0..<n * f)
    highways[index].carryBack.multiply(
      dgates, aStride: f, rows: n, bias: nil, accumulate: true, into: &dy, cStride: f)
    highways[index].transformBack.multiply(
      dtransforms, aStride: f, rows: n, bias: nil, accumulate: true, into: &dy, cStride: f)
    var all = gradient.mutableSpan
    var dwCarry = all.part(highways[index].carryRange)
    fresh.addTransposedProduct(
      x, aStride: f, rows: f, by: dgates, bStride: f, columns: f, depth: n, into: &dwCarry)
    var dbCarry = all.part(highways[index].carryBiasRange)
    dbCarry.addRows(of: dgates, rows: n)
    var dwTransform = all.part(highways[index].transformRange)
    fresh.addTransposedProduct(
      x, aStride: f, rows: f, by: dtransforms, bStride: f, columns: f, depth: n, into: &dwTransform)
    var dbTransform = all.part(highways[index].transformBiasRange)
    dbTransform.addRows(of: dtransforms, rows: n)
  }

  private func activationGradient(count: Int) {
    var dy = featureGradient.mutableSpan
    let y = activated.span
    if options.activation == .relu {
      dy.zeroWhereNotPositive(y.extracting(0..<count))
    } else {
      for place in 0..<count { dy[place] *= 1 - y[place] * y[place] }
    }
  }

  // The max-pool sends a feature's gradient to the window that won.
  private func convolutionGradient(into gradient: Block<R>) {
    let (n, f) = (tokenCount, features)
    characterGradient.grow(to: characters.count)
    characterGradient.fill(characters.count, with: 0)
    window.grow(to: options.charactersPerToken * size)
    windowGradient.grow(to: options.charactersPerToken * size)
    for index in filters.indices {
      let (width, count) = (filters[index].width, filters[index].count)
      let span = width * size
      filters[index].kernelGradient.grow(to: count * span)
      filters[index].kernelGradient.fill(count * span, with: 0)
      let kernelRows = filters[index].kernelRows
      var biasGradient = [R](repeating: 0, count: count)
      var dk = filters[index].kernelGradient.mutableSpan
      let dy = featureGradient.span
      let table = characters.span
      for token in 0..<n {
        let start = slots[token]
        let length = slots[token + 1] - start
        // The token's characters side by side, and the gradient that they gather.
        var spelled = window.mutableSpan
        for place in 0..<length {
          let id = Int(ids[start + place])
          spelled.copy(table.extracting(id * size..<(id + 1) * size), at: place * size)
        }
        windowGradient.fill(length * size, with: 0)
        var gathered = windowGradient.mutableSpan
        let letters = window.span
        let at = token * f + filters[index].feature
        for channel in 0..<count {
          let g = dy[at + channel]
          guard g != 0 else { continue }
          biasGradient[channel] += g
          let first = Int(winners[at + channel]) * size
          var row = dk.part(channel * span..<(channel + 1) * span)
          R.axpy(g, letters.extracting(first..<first + span), into: &row)
          var target = gathered.part(first..<first + span)
          R.axpy(g, kernelRows.span(channel * span..<(channel + 1) * span), into: &target)
        }
        var dc = characterGradient.mutableSpan
        let sums = windowGradient.span
        for place in 0..<length {
          let id = Int(ids[start + place])
          dc.add(sums.extracting(place * size..<(place + 1) * size), at: id * size)
        }
      }
      var all = gradient.mutableSpan
      var kernel = all.part(filters[index].kernelRange)
      let rows = filters[index].kernelGradient.span
      for channel in 0..<count {
        for place in 0..<span {
          kernel[place * count + channel] += rows[channel * span + place]
        }
      }
      var bias = all.part(filters[index].biasRange)
      bias.add(biasGradient.span)
    }
    var all = gradient.mutableSpan
    var target = all.part(characterRange)
    target.add(characterGradient.span(0..<characters.count))
  }
}

extension Array where Element == Int32 {
  /// Makes the array at least `count` long.
  mutating func grow32(to count: Int) {
    if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
  }
}
