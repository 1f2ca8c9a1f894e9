import Foundation
import Tweets

/// A time zone that regroups UTC minutes into local hours and days.
///
/// An hour is a run of minutes with the same local date, hour and offset: the hour that is repeated
/// when clocks go back makes two buckets. A day is a run with the same local date, 23 to 25 hours long
/// when clocks change.
package struct LocalZone: Sendable {
  private let zone: TimeZone

  /// A zone by its name in the tz database, such as `Europe/Berlin`, or `UTC`; nil for an unknown one.
  package init?(identifier: String) {
    guard let zone = TimeZone(identifier: identifier) else { return nil }
    self.zone = zone
  }

  /// Seconds east of UTC at a moment in seconds since the epoch.
  func offset(at time: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time))))
  }

  /// The bucket that the minute at `time` belongs to: its first second and the first one after it.
  func extent(of time: Int64, _ granularity: Granularity) -> Range<Int64> {
    guard granularity != .minutely else { return time..<(time + 60) }
    // No day is longer than this, whatever the clocks do.
    let reach: Int64 = granularity == .hourly ? 3600 : 30 * 3600
    let own = key(time, granularity)
    let before = search(from: time - reach, to: time) { key($0, granularity) == own }
    let after = search(from: time, to: time + reach) { key($0, granularity) != own }
    return before..<after
  }

  /// A moment as local time: `2026-11-22T15:00:00+05:45`, with `Z` for UTC.
  func text(_ time: Int64) -> String {
    let offset = offset(at: time)
    var text = Timestamp(seconds: time + offset).description
    guard offset != 0 else { return text }
    text.removeLast()
    let minutes = abs(offset) / 60
    func pad(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return text + (offset < 0 ? "-" : "+") + "\(pad(minutes / 60)):\(pad(minutes % 60))"
  }

  private struct Key: Equatable {
    var number: Int64
    var offset: Int64
  }

  private func key(_ time: Int64, _ granularity: Granularity) -> Key {
    let offset = offset(at: time)
    return granularity == .daily
      ? Key(number: Timestamp.floorDivide(time + offset, 86_400), offset: 0)
      : Key(number: Timestamp.floorDivide(time + offset, 3600), offset: offset)
  }

  /// The first minute in (`from`, `to`] of which `holds` is true, where it turns true once and is true
  /// of `to`; minutes are counted from `to`.
  private func search(from: Int64, to: Int64, _ holds: (Int64) -> Bool) -> Int64 {
    var (no, yes) = (from, to)
    while yes - no > 60 {
      let middle = yes - (yes - no) / 120 * 60
      if middle == yes { break }
      if holds(middle) { yes = middle } else { no = middle }
    }
    return yes
  }
}
