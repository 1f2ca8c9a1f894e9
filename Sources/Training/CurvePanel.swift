import Foundation

/// One panel of a picture: curves over a number of tokens, with a line of names below.
struct CurvePanel {
  /// Points that are joined.
  struct Curve {
    let name: String
    /// The class that colours it.
    let style: String
    let points: [(x: Double, y: Double)]
  }

  let title: String
  let left: Double
  /// The tokens at the right end.
  let end: Double
  let curves: [Curve]
  /// Whether equal ratios, not equal differences, are equally high.
  let isLogarithmic: Bool

  private let top = 52.0
  private let width = 370.0
  private let height = 260.0

  init(title: String, left: Double, end: Double, curves: [Curve], isLogarithmic: Bool) {
    self.title = title
    self.left = left
    self.end = end
    self.curves = curves
    self.isLogarithmic = isLogarithmic
  }

  var svg: String {
    let axis = Axis(of: shown.flatMap { $0.points.map(\.y) }, isLogarithmic: isLogarithmic)
    let bottom = top + height
    var parts = ["<g>", "<text class=\"title\" x=\"\(n(left))\" y=\"32\">\(title)</text>"]
    for tick in axis.ticks {
      let y = n(self.y(tick.value, axis))
      parts.append(
        "<path class=\"grid\" d=\"M\(n(left)) \(y)H\(n(left + width))\"/>"
          + "<text x=\"\(n(left - 8))\" y=\"\(n(self.y(tick.value, axis) + 4))\" "
          + "text-anchor=\"end\">\(tick.label)</text>")
    }
    parts.append(
      "<path class=\"axis\" fill=\"none\" d=\"M\(n(left)) \(n(top))V\(n(bottom))H\(n(left + width))\"/>"
    )
    let tokens = HistoryPanel.Scale(of: [0, max(end, 1)])
    for tick in tokens.ticks where tick <= end {
      parts.append(
        "<path class=\"axis\" d=\"M\(n(x(tick))) \(n(bottom))v5\"/><text x=\"\(n(x(tick)))\" "
          + "y=\"\(n(bottom + 19))\" text-anchor=\"middle\">\(CurvePanel.amount(tick))</text>")
    }
    parts.append(
      "<text x=\"\(n(left + width / 2))\" y=\"\(n(bottom + 38))\" text-anchor=\"middle\">tokens read"
        + "</text>")
    for curve in shown {
      let points = curve.points.map { "\(n(x($0.x))) \(n(y($0.y, axis)))" }
      // A single point is a line of no length, whose round ends make a dot.
      let path = points.joined(separator: "L") + (points.count == 1 ? "h0" : "")
      parts.append("<path class=\"line \(curve.style)\" d=\"M\(path)\"/>")
    }
    return (parts + legend + ["</g>"]).joined(separator: "\n")
  }

  // The names stand at the top right, where falling curves are not.
  private var legend: [String] {
    guard curves.count > 1 else { return [] }
    return curves.enumerated().map { row, curve in
      let y = top + 14 + 18 * Double(row)
      return
        "<path class=\"line \(curve.style)\" d=\"M\(n(left + width - 110)) \(n(y))h30\"/>"
        + "<text x=\"\(n(left + width - 72))\" y=\"\(n(y + 4))\">\(curve.name)</text>"
    }
  }

  /// The curves' points that can be drawn.
  private var shown: [Curve] {
    curves.map { curve in
      Curve(
        name: curve.name, style: curve.style,
        points: curve.points.filter {
          $0.x.isFinite && $0.y.isFinite && (!isLogarithmic || $0.y > 0)
        })
    }.filter { !$0.points.isEmpty }
  }

  private func x(_ tokens: Double) -> Double {
    left + (end > 0 ? width * min(1, max(0, tokens / end)) : 0)
  }

  private func y(_ value: Double, _ axis: Axis) -> Double {
    top + height * (1 - axis.share(of: value))
  }

  private func n(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `500 k`, `1.5 M`.
  static func amount(_ tokens: Double) -> String {
    let (value, unit) =
      tokens >= 1e6 ? (tokens / 1e6, " M") : tokens >= 1e3 ? (tokens / 1e3, " k") : (tokens, "")
    return String(format: "%.4g", value) + unit
  }

  /// The vertical axis.
  private struct Axis {
    let low: Double
    let high: Double
    let ticks: [(value: Double, label: String)]
    let isLogarithmic: Bool

    init(of values: [Double], isLogarithmic: Bool) {
      self.isLogarithmic = isLogarithmic
      guard isLogarithmic else {
        let scale = HistoryPanel.Scale(of: values)
        (low, high) = (scale.low, scale.high)
        ticks = scale.ticks.map { ($0, scale.label($0)) }
        return
      }
      let (least, greatest) = (values.min() ?? 1, values.max() ?? 10)
      let first = Int(log10(least).rounded(.down))
      let last = max(first + 1, Int(log10(greatest).rounded(.up)))
      let steps = (first...last).flatMap { power in
        [1.0, 2, 5].map { $0 * pow(10, Double(power)) }
      }
      let low = steps.last { $0 <= least * (1 + 1e-9) } ?? steps[0]
      let high = steps.first { $0 >= greatest * (1 - 1e-9) && $0 > low } ?? greatest
      ticks = steps.filter { $0 >= low && $0 <= high }.map {
        ($0, String(format: "%.4g", $0))
      }
      self.low = low
      self.high = high
    }

    /// 0 at the bottom, 1 at the top.
    func share(of value: Double) -> Double {
      isLogarithmic
        ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }
  }
}
