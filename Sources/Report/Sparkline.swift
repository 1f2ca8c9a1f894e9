import Aggregates

/// A row of block characters, one an hour.
enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The mean scores, 0 at the lowest block and 1 at the highest; `·` for an hour without a decision.
  static func scores(_ hours: [AggregateValue]) -> String {
    String(hours.map { hour in hour.scoreMean.map { blocks[level($0)] } ?? "·" })
  }

  private static func level(_ share: Double) -> Int {
    min(max(Int(share * Double(blocks.count)), 0), blocks.count - 1)
  }
}
