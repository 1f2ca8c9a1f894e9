package import Aggregates

/// A row of block characters, one an hour, with the scores that its lowest and its highest block stand for.
package struct Sparkline: Equatable, Sendable {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  /// The axis spans at least so much, so that a flat series looks flat.
  private static let leastSpan = 0.1

  /// A block an hour; `·` where no tweet has a score.
  package let bars: String
  /// The score at the foot of the lowest block.
  package let low: Double
  /// The score at the top of the highest block.
  package let high: Double

  /// The mean scores of the hours, oldest first; nil without any score.
  package init?(scores hours: [AggregateValue]) {
    let means = hours.map(\.scoreMean)
    guard let least = means.compactMap({ $0 }).min(), let most = means.compactMap({ $0 }).max()
    else { return nil }
    // To hundredths, as the axis is printed.
    var low = (least * 100).rounded(.down) / 100
    var high = (most * 100).rounded(.up) / 100
    if high - low < Sparkline.leastSpan {
      let middle = ((low + high) * 50).rounded() / 100
      low = min(max(middle - Sparkline.leastSpan / 2, 0), 1 - Sparkline.leastSpan)
      high = low + Sparkline.leastSpan
    }
    self.low = low
    self.high = high
    bars = String(
      means.map { mean in
        mean.map { Sparkline.block(($0 - low) / (high - low)) } ?? "·"
      })
  }

  private static func block(_ share: Double) -> Character {
    blocks[min(max(Int(share * Double(blocks.count)), 0), blocks.count - 1)]
  }
}
