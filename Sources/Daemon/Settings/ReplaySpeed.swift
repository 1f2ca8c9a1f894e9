/// How fast an archive is replayed.
package enum ReplaySpeed: Sendable, Equatable {
  /// As fast as it is classified; nothing is shed.
  case max
  /// So many times as fast as it was written; 1 is the original speed.
  case times(Double)

  /// `max`, `original`, `10x`, `0.5x`; nil for anything else.
  package init?(_ text: String) {
    switch text {
    case "max": self = .max
    case "original": self = .times(1)
    default:
      guard text.hasSuffix("x"), let times = Double(text.dropLast()), times >= 0.001,
        times <= 1_000_000
      else { return nil }
      self = .times(times)
    }
  }
}
