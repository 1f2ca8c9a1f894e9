import Foundation

/// The head in double precision and plain loops, kept simple for ever: the twin of `HeadGradient`.
struct DoubleHead {
  var layers: Int
  var width: Int
  var hidden: Int
  var outputs: Int
  var l2: Double
  var mix: [Double]
  var gamma: Double
  var hiddenKernel: [Double]
  var hiddenBias: [Double]
  var outputKernel: [Double]
  var outputBias: [Double]

  /// All parameters in a row: mix, gamma, hidden kernel and bias, output kernel and bias.
  var parameters: [Double] {
    get { mix + [gamma] + hiddenKernel + hiddenBias + outputKernel + outputBias }
    set {
      var rest = newValue[...]
      func take(_ count: Int) -> [Double] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      mix = take(layers)
      gamma = take(1)[0]
      hiddenKernel = take(width * hidden)
      hiddenBias = take(hidden)
      outputKernel = take(hidden * outputs)
      outputBias = take(outputs)
    }
  }

  private var shares: [Double] {
    let powers = mix.map { exp($0) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  private func mixed(_ data: [Double], row: Int) -> [Double] {
    (0..<width).map { j in
      gamma
        * (0..<layers).reduce(0) { $0 + shares[$1] * data[(row * layers + $1) * width + j] }
    }
  }

  private func forward(_ x: [Double]) -> (h: [Double], z: [Double]) {
    let h = (0..<hidden).map { u in
      max(0, (0..<width).reduce(hiddenBias[u]) { $0 + x[$1] * hiddenKernel[$1 * hidden + u] })
    }
    let z = (0..<outputs).map { k in
      (0..<hidden).reduce(outputBias[k]) { $0 + h[$1] * outputKernel[$1 * outputs + k] }
    }
    return (h, z)
  }

  func loss(_ data: [Double], _ truths: [Int]) -> Double {
    var sum = 0.0
    for (row, truth) in truths.enumerated() {
      let z = forward(mixed(data, row: row)).z
      if outputs == 1 {
        let p = 1 / (1 + exp(-z[0]))
        sum -= log(truth == 1 ? p : 1 - p)
      } else {
        sum -= log(exp(z[truth]) / z.reduce(0) { $0 + exp($1) })
      }
    }
    return sum / Double(truths.count) + l2 * hiddenKernel.reduce(0) { $0 + $1 * $1 }
  }

  /// The gradient by the same formulas as `HeadGradient`, in the order of `parameters`.
  func gradient(_ data: [Double], _ truths: [Int]) -> [Double] {
    var result = self
    result.parameters = parameters.map { _ in 0 }
    var layerGradients = [Double](repeating: 0, count: layers)
    for (row, truth) in truths.enumerated() {
      let x = mixed(data, row: row)
      let (h, z) = forward(x)
      let sum = z.reduce(0) { $0 + exp($1) }
      let dz = (0..<outputs).map { k in
        outputs == 1
          ? (1 / (1 + exp(-z[0])) - Double(truth)) / Double(truths.count)
          : (exp(z[k]) / sum - (k == truth ? 1 : 0)) / Double(truths.count)
      }
      for k in 0..<outputs {
        result.outputBias[k] += dz[k]
        for u in 0..<hidden { result.outputKernel[u * outputs + k] += h[u] * dz[k] }
      }
      let dh = (0..<hidden).map { u in
        h[u] > 0 ? (0..<outputs).reduce(0) { $0 + dz[$1] * outputKernel[u * outputs + $1] } : 0
      }
      for u in 0..<hidden {
        result.hiddenBias[u] += dh[u]
        for j in 0..<width { result.hiddenKernel[j * hidden + u] += x[j] * dh[u] }
      }
      for j in 0..<width {
        let dx = (0..<hidden).reduce(0) { $0 + dh[$1] * hiddenKernel[j * hidden + $1] }
        for l in 0..<layers { layerGradients[l] += dx * data[(row * layers + l) * width + j] }
      }
    }
    for index in hiddenKernel.indices {
      result.hiddenKernel[index] += 2 * l2 * hiddenKernel[index]
    }
    let mean = zip(shares, layerGradients).reduce(0) { $0 + $1.0 * $1.1 }
    result.gamma = mean
    result.mix = zip(shares, layerGradients).map { $0 * gamma * ($1 - mean) }
    return result.parameters
  }
}
