/// The windows over which rolling sentiment is told.
package enum RollingWindow: String, Sendable, Hashable, CaseIterable {
  case fiveMinutes = "5m"
  case hour = "1h"
  case day = "24h"

  /// The length in seconds.
  package var seconds: Int64 {
    switch self {
    case .fiveMinutes: 300
    case .hour: 3600
    case .day: 86_400
    }
  }
}
