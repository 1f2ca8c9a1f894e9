import Foundation
import Tweets

/// The times of flags: RFC 3339, a date, or an age.
enum PointInTime {
  /// The beginning of the bucket in which a time lies, in a zone's own hours and days.
  static func floor(_ time: Timestamp, to seconds: Int64, zone: TimeZone?) -> Timestamp {
    let offset = zone.map { self.offset(of: $0, at: time.seconds) } ?? 0
    let start = Timestamp.floorDivide(time.seconds + offset, seconds) * seconds
    return Timestamp(seconds: start - offset)
  }

  private static func offset(of zone: TimeZone, at seconds: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
  }

  /// A date without a time begins at midnight of the zone.
  static func parse(
    _ text: String, flag: String, now: Timestamp, zone: TimeZone?
  ) throws -> Timestamp {
    if let time = Timestamp(rfc3339: text) {
      guard let zone, text.utf8.count == 10 else { return time }
      // The offset at midnight itself: looked up twice, since it may differ from that of UTC's midnight.
      let guess = time.seconds - offset(of: zone, at: time.seconds)
      return Timestamp(seconds: time.seconds - offset(of: zone, at: guess))
    }
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
      count >= 0, count < 1_000_000
    {
      return Timestamp(milliseconds: now.milliseconds - count * unit * 1000)
    }
    throw CommandFailure(
      "\(flag) \(text) is no time",
      remedy: "give 2026-11-22T15:00:00Z, 2026-11-22, or an age such as 24h or 7d",
      code: .usage)
  }
}
