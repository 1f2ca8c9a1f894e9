import Foundation
package import TweetText

extension ZoneRules {
  /// The rules of a zone of the tz database such as `America/New_York`, from 2005 to two years from now; nil for an
  /// unknown name.
  ///
  /// Times outside of these years are not understood anyway, so the offset of the nearest year may stand for them.
  package init?(identifier: String) {
    guard let zone = TimeZone(identifier: identifier) else { return nil }
    let day: Int64 = 86_400
    let first: Int64 = 1_104_537_600  // 2005-01-01
    let last = Int64(Date().timeIntervalSince1970) + 2 * 366 * day
    func offset(at time: Int64) -> Int64 {
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time))))
    }
    var periods = [Period(start: first, offset: offset(at: first))]
    var time = first
    while time < last {
      let next = time + day
      let after = offset(at: next)
      if let current = periods.last?.offset, current != after {
        // No zone changes twice within a day.
        var (low, high) = (time, next)
        while high - low > 1 {
          let middle = (low + high) / 2
          if offset(at: middle) == current { low = middle } else { high = middle }
        }
        periods.append(Period(start: high, offset: after))
      }
      time = next
    }
    self.init(name: identifier, periods: periods)
  }
}
