internal import JSON
package import Tweets

/// What the stream itself needs to know of a frame; everything else is the decoder's.
package struct JetstreamFrame: Sendable, Equatable {
  /// Its place in the stream: microseconds since the epoch in v1, a number of the server's own in v2.
  package var cursor: Int64
  /// When it happened.
  package var time: Timestamp

  /// A frame's place; nil for a frame without one, such as an error.
  package init?(_ bytes: [UInt8]) {
    guard let json = try? JSONDocument(bytes) else { return nil }
    if let time = json.member("time_us", of: json.root).flatMap({ json.integer($0) }), time > 0 {
      cursor = time
      self.time = Timestamp(milliseconds: time / 1000)
      return
    }
    guard let payload = json.member("payload", .object, of: json.root),
      let number = json.member("seq", of: payload).flatMap({ json.integer($0) }), number >= 0,
      let time = json.string("time", of: payload).flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    cursor = number
    self.time = time
  }

  /// The name of the error that a frame is; nil for any other.
  package static func error(_ bytes: [UInt8]) -> String? {
    guard bytes.count < 4096, let json = try? JSONDocument(bytes),
      json.string("$type", of: json.root) == "error"
    else { return nil }
    return json.string("error", of: json.root) ?? "error"
  }
}
