import Foundation

/// One panel of `history.svg`: two curves over the epochs between round values.
struct HistoryPanel {
  let title: String
  let left: Double
  let epochs: Int
  let training: [Double?]
  let validation: [Double?]

  private let top = 52.0
  private let width = 370.0
  private let height = 260.0

  init(title: String, left: Double, epochs: Int, training: [Double?], validation: [Double?]) {
    self.title = title
    self.left = left
    self.epochs = epochs
    self.training = training
    self.validation = validation
  }

  var svg: String {
    let scale = Scale(of: (training + validation).compactMap { $0 }.filter(\.isFinite))
    var parts = ["<g>", "<text class=\"title\" x=\"\(n(left))\" y=\"32\">\(title)</text>"]
    for tick in scale.ticks {
      let y = y(tick, scale)
      parts.append(
        "<path class=\"grid\" d=\"M\(n(left)) \(n(y))H\(n(left + width))\"/>"
          + "<text x=\"\(n(left - 8))\" y=\"\(n(y + 4))\" text-anchor=\"end\">\(scale.label(tick))</text>"
      )
    }
    let bottom = top + height
    parts.append(
      "<path class=\"axis\" fill=\"none\" d=\"M\(n(left)) \(n(top))V\(n(bottom))H\(n(left + width))\"/>"
    )
    for epoch in labelledEpochs {
      let x = x(epoch)
      parts.append(
        "<path class=\"axis\" d=\"M\(n(x)) \(n(bottom))v5\"/>"
          + "<text x=\"\(n(x))\" y=\"\(n(bottom + 19))\" text-anchor=\"middle\">\(epoch)</text>")
    }
    parts.append(
      "<text x=\"\(n(left + width / 2))\" y=\"\(n(bottom + 38))\" text-anchor=\"middle\">epoch</text>"
    )
    parts += curve(training, "training", scale) + curve(validation, "validation", scale)
    return (parts + ["</g>"]).joined(separator: "\n")
  }

  private func curve(_ values: [Double?], _ name: String, _ scale: Scale) -> [String] {
    let points = values.enumerated().compactMap { index, value in
      value.flatMap { $0.isFinite ? (x: n(x(index + 1)), y: n(y($0, scale))) : nil }
    }
    guard !points.isEmpty else { return [] }
    let path = points.enumerated().map { "\($0 == 0 ? "M" : "L")\($1.x) \($1.y)" }.joined()
    let dots = points.count > 40 ? [] : points
    return ["<path class=\"line \(name)\" d=\"\(path)\"/>"]
      + dots.map { "<circle class=\"dot \(name)-dot\" cx=\"\($0.x)\" cy=\"\($0.y)\" r=\"4\"/>" }
  }

  // At most ten numbers under the axis, the first epoch always among them.
  private var labelledEpochs: [Int] {
    guard epochs > 0 else { return [] }
    return Array(stride(from: 1, through: epochs, by: (epochs + 9) / 10))
  }

  private func x(_ epoch: Int) -> Double {
    let inset = 18.0
    guard epochs > 1 else { return left + width / 2 }
    return left + inset + (width - 2 * inset) * Double(epoch - 1) / Double(epochs - 1)
  }

  private func y(_ value: Double, _ scale: Scale) -> Double {
    top + height * (scale.high - value) / (scale.high - scale.low)
  }

  private func n(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Round values around some numbers.
  struct Scale {
    let low: Double
    let high: Double
    let step: Double

    /// About five steps of 1, 2 or 5 times a power of ten.
    init(of values: [Double]) {
      let least = values.min() ?? 0
      let greatest = values.max() ?? 1
      let span = max(greatest - least, abs(greatest) * 1e-3, 1e-6)
      let power = pow(10, log10(span / 5).rounded(.down))
      let ratio = span / 5 / power
      step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10)
      low = (least / step).rounded(.down) * step
      high = max((greatest / step).rounded(.up) * step, low + step)
    }

    var ticks: [Double] {
      (0...Int(((high - low) / step).rounded())).map { low + Double($0) * step }
    }

    func label(_ value: Double) -> String {
      let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
      return String(format: "%.\(digits)f", value)
    }
  }
}
