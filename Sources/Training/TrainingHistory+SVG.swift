import Foundation

extension TrainingHistory {
  /// `history.svg`: accuracy on the left, loss on the right, training and validation in each; no
  /// outer resources.
  package var svg: String {
    let panels = [
      HistoryPanel(
        title: "Accuracy", left: 70, epochs: epochs.count,
        training: epochs.map(\.accuracy), validation: epochs.map(\.validationAccuracy)),
      HistoryPanel(
        title: "Loss", left: 520, epochs: epochs.count,
        training: epochs.map(\.loss), validation: epochs.map(\.validationLoss)),
    ]
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="920" height="400" viewBox="0 0 920 400" role="img">
      <title>Training history: accuracy and loss by epoch, training and validation</title>
      <style>
      text { font-family: "DejaVu Sans", "Helvetica Neue", Arial, sans-serif; font-size: 12px; fill: #475569 }
      .title { font-size: 16px; font-weight: bold; fill: #0f172a }
      .grid { stroke: #e2e8f0; stroke-width: 1 }
      .axis { stroke: #94a3b8; stroke-width: 1 }
      .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
      .training { stroke: #2563eb } .validation { stroke: #ea580c; stroke-dasharray: 7 5 }
      .dot { stroke: #ffffff; stroke-width: 1.5 }
      .training-dot { fill: #2563eb } .validation-dot { fill: #ea580c }
      </style>
      <rect width="920" height="400" fill="#ffffff"/>
      \(panels.map(\.svg).joined(separator: "\n"))
      <g transform="translate(345 378)">
      <path class="line training" d="M0 0H34"/><circle class="dot training-dot" cx="17" cy="0" r="4"/>
      <text x="42" y="4">training</text>
      <path class="line validation" d="M120 0H154"/><circle class="dot validation-dot" cx="137" cy="0" r="4"/>
      <text x="162" y="4">validation</text>
      </g>
      </svg>

      """
  }
}
