import Foundation

extension PretrainingHistory {
  /// `history.svg`: the training loss on the left, the held-out perplexities on the right, both by the
  /// tokens read; no outer resources.
  package var svg: String {
    let measured = records.filter { $0.perplexity != nil }
    let end = Double(records.last?.tokens ?? 0)
    let panels = [
      CurvePanel(
        title: "Loss of the sampled softmax", left: 70, end: end,
        curves: [
          CurvePanel.Curve(
            name: "loss", style: "training",
            points: records.map { (Double($0.tokens), $0.loss) })
        ], isLogarithmic: false),
      CurvePanel(
        title: "Held-out perplexity, full softmax", left: 520, end: end,
        curves: [
          CurvePanel.Curve(
            name: "forward", style: "forward",
            points: measured.map { (Double($0.tokens), $0.perplexityForward ?? .nan) }),
          CurvePanel.Curve(
            name: "backward", style: "backward",
            points: measured.map { (Double($0.tokens), $0.perplexityBackward ?? .nan) }),
          CurvePanel.Curve(
            name: "average", style: "training",
            points: measured.map { (Double($0.tokens), $0.perplexity ?? .nan) }),
        ], isLogarithmic: true),
    ]
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="920" height="400" viewBox="0 0 920 400" role="img">
      <title>Pre-training: loss and held-out perplexity by tokens read</title>
      <style>
      text { font-family: "DejaVu Sans", "Helvetica Neue", Arial, sans-serif; font-size: 12px; fill: #475569 }
      .title { font-size: 16px; font-weight: bold; fill: #0f172a }
      .grid { stroke: #e2e8f0; stroke-width: 1 }
      .axis { stroke: #94a3b8; stroke-width: 1 }
      .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
      .training { stroke: #2563eb }
      .forward { stroke: #16a34a; stroke-dasharray: 7 5 }
      .backward { stroke: #ea580c; stroke-dasharray: 2 5 }
      </style>
      <rect width="920" height="400" fill="#ffffff"/>
      \(panels.map(\.svg).joined(separator: "\n"))
      </svg>

      """
  }
}
