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
    let gate = Block<R>()  // [n, F], and then the gradient of its argument
    let transformed = Block<R>()  // likewise
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
  private let window = Block<R>()  // the characters of one token, [M, size]
  private let windowGradient = Block<R>()  // [M, size]
  private let characterGradient = Block<R>()  // [261, size]
  private let biasGradient = Block<R>()  // [F]

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
    var all = activated.mutableSpan
    var own = all.part(0..<n * features)
    switch options.activation {
    case .relu: R.relu(&own)
    case .tanh: R.tanh(&own)
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
      let length = token.characterCount(charactersPerToken: limit)
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
    R.gatherRows(
      ids.span.extracting(start..<start + positions), columns: size, of: characters.span,
      into: &target, yStride: size)
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
      var best = activated.mutableSpan
      var places = winners.mutableSpan
      for token in tokens {
        let first = (slots[token] - start) * count
        let windows = windows(of: token, width: width)
        let at = token * features + filters[index].feature
        var own = best.part(at..<at + count)
        var ownPlaces = places._mutatingExtracting(at..<at + count)
        R.windowMaximum(
          of: found.extracting(first..<first + windows * count), windows: windows,
          bias: filters[index].bias.span, into: &own, winners: &ownPlaces)
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
    R.relu(&transformed)
    var all = pooled.mutableSpan
    var y = all.part(0..<n * f)
    R.highway(
      gate: highways[index].gate.span(0..<n * f),
      transformed: highways[index].transformed.span(0..<n * f), into: &y)
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
    let x = highways[index].input.span(0..<n * f)
    var upstream = featureGradient.mutableSpan
    var dy = upstream.part(0..<n * f)
    do {
      var gate = highways[index].gate.mutableSpan(0..<n * f)
      var transformed = highways[index].transformed.mutableSpan(0..<n * f)
      R.highwayBackward(h: x, gate: &gate, transformed: &transformed, dy: &dy)
    }
    let dgates = highways[index].gate.span(0..<n * f)
    let dtransforms = highways[index].transformed.span(0..<n * f)
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
    let y = activated.span(0..<count)
    switch options.activation {
    case .relu:
      var own = dy.part(0..<count)
      R.reluBackward(y, into: &own)
    case .tanh:
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
    biasGradient.grow(to: f)
    biasGradient.fill(f, with: 0)
    for filter in filters {
      filter.kernelGradient.grow(to: filter.kernelRows.count)
      filter.kernelGradient.fill(filter.kernelRows.count, with: 0)
    }
    let dy = featureGradient.span
    for token in 0..<n {
      // The token's characters side by side, and the gradient that they gather.
      let letters = slots[token]..<slots[token + 1]
      let count = letters.count * size
      let places = ids.span.extracting(letters)
      var spelled = window.mutableSpan(0..<count)
      R.gatherRows(places, columns: size, of: characters.span, into: &spelled, yStride: size)
      windowGradient.fill(count, with: 0)
      var gathered = windowGradient.mutableSpan(0..<count)
      for filter in filters {
        let own = filter.feature..<filter.feature + filter.count
        let at = token * f + own.lowerBound..<token * f + own.upperBound
        var dKernel = filter.kernelGradient.mutableSpan
        var dBias = biasGradient.mutableSpan(own)
        R.convolutionBackward(
          dy.extracting(at), winners: winners.span.extracting(at), step: size,
          input: window.span(0..<count), kernel: filter.kernelRows.span, dInput: &gathered,
          dKernel: &dKernel, dBias: &dBias)
      }
      var dc = characterGradient.mutableSpan(0..<characters.count)
      R.scatterAddRows(places, columns: size, of: windowGradient.span(0..<count), into: &dc)
    }
    var all = gradient.mutableSpan
    for filter in filters {
      var kernel = all.part(filter.kernelRange)
      kernel.addTransposed(
        filter.kernelGradient.span, rows: filter.count, columns: filter.width * size)
      var bias = all.part(filter.biasRange)
      bias.add(biasGradient.span(filter.feature..<filter.feature + filter.count))
    }
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
