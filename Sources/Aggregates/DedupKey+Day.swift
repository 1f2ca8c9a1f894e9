import Tweets

extension DedupKey {
  /// The day of ids that tell none; its keys expire one by one.
  package static let noDay: Int32 = 0

  /// The day of an id, in days since 1970-01-01 UTC.
  static func day(namespace: String, id: String, time: Timestamp) -> Int32 {
    switch namespace {
    case xNamespace: day(of: DedupKey.time(ofSnowflake: id) ?? time)
    case "bluesky": day(ofRecord: id)
    // An address tells nothing, but comes with the time of the status, which no edit changes.
    case "mastodon": isLocal(id) ? day(ofStatus: id) : day(of: time)
    default: day(of: time)
    }
  }

  private static func day(of time: Timestamp) -> Int32 {
    Int32(clamping: Timestamp.floorDivide(time.milliseconds, 86_400_000))
  }

  /// The day of `DID/KEY`, whose key is a timestamp unless the client made up another.
  private static func day(ofRecord id: String) -> Int32 {
    guard let key = TimestampID(lastPart(of: id)), isBelievable(key.time, from: 1_640_995_200)
    else { return noDay }  // from 2022-01-01
    return day(of: key.time)
  }

  /// The day of `HOST/ID`, whose id is a time and sixteen bits at Mastodon and something else at other servers.
  private static func day(ofStatus id: String) -> Int32 {
    let digits = lastPart(of: id)
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits) else {
      return noDay
    }
    let time = Timestamp(milliseconds: number >> 16)
    return isBelievable(time, from: 1_262_304_000) ? day(of: time) : noDay  // from 2010-01-01
  }

  private static func isBelievable(_ time: Timestamp, from first: Int64) -> Bool {
    (first..<4_102_444_800).contains(time.seconds)  // before 2100-01-01
  }

  /// True for `HOST/ID`; the addresses of statuses have a scheme and more parts.
  private static func isLocal(_ id: String) -> Bool {
    id.utf8.count { $0 == UInt8(ascii: "/") } == 1
  }

  private static func lastPart(of id: String) -> Substring {
    id[(id.lastIndex(of: "/").map { id.index(after: $0) } ?? id.startIndex)...]
  }
}
