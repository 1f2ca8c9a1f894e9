package import Tweets

/// What one row of the aggregates counts: a minute, and where its tweets come from.
package struct AggregateKey: Sendable, Hashable {
  /// The UTC minute, in seconds since the epoch; a multiple of 60.
  package var bucketStart: Int64
  /// The source's name.
  package var source: String
  /// The topic's name; `Topic.all` counts every tweet once.
  package var topic: String
  /// The language tag in lower case, `und` where it is unknown.
  package var lang: String
  /// The name of the model that gave the labels.
  package var model: String

  /// A key from its parts.
  package init(bucketStart: Int64, source: String, topic: String, lang: String, model: String) {
    self.bucketStart = bucketStart
    self.source = source
    self.topic = topic
    self.lang = lang
    self.model = model
  }

  /// The minute in which a moment lies, in seconds since the epoch.
  package static func bucketStart(of time: Timestamp) -> Int64 {
    Timestamp.floorDivide(time.milliseconds, 60_000) * 60
  }

  /// A language tag as the aggregates keep it: lower case, `und` for none or for what is no tag.
  ///
  /// The tag comes from outside; its length and alphabet are limited so that it stays a short key.
  package static func lang(_ tag: String?) -> String {
    guard let tag, (2...11).contains(tag.utf8.count) else { return "und" }
    for byte in tag.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: continue
      default: return "und"
      }
    }
    return tag.lowercased()
  }
}
