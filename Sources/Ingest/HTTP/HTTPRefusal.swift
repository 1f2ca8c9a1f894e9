internal import JSON
import Tweets

/// An answer that is no stream.
struct HTTPRefusal: Sendable, Equatable {
  /// The status of the answer.
  var status: Int
  /// What the server says about it, for people: a title, a detail, or the first words of its page.
  var words: String
  /// True when the server still holds a connection of ours.
  var isTooManyConnections: Bool
  /// When it will listen again.
  var reset: Timestamp?

  init(status: Int, body: [UInt8], reset: String?, location: String?) {
    self.status = status
    self.reset = reset.flatMap { Int64($0) }.flatMap {
      (0...32_503_680_000).contains($0) ? Timestamp(seconds: $0) : nil
    }
    var words = ""
    var isTooMany = false
    if let json = try? JSONDocument(body) {
      let root = json.root
      let problem =
        json.member("errors", .array, of: root).flatMap {
          json.elements(of: $0).first { _ in true }
        }
        ?? root
      let keys: [StaticString] = ["title", "detail", "error", "message"]
      words = keys.compactMap { json.string($0, of: problem) }.joined(separator: ": ")
      isTooMany =
        json.string("connection_issue", of: root) == "TooManyConnections"
        || json.string("connection_issue", of: problem) == "TooManyConnections"
    }
    if let location, (300..<400).contains(status) {
      words = "redirected to \(location), which is not followed"
    }
    self.words = String(decoding: Array(words.utf8.prefix(300)), as: UTF8.self)
    isTooManyConnections = isTooMany
  }

  /// What it means for the next attempt.
  var failure: Reconnect.Failure {
    switch status {
    case 420, 429: isTooManyConnections ? .unavailable : .rateLimited(reset: reset)
    case 408, 425, 500...: .unavailable
    default: .refused
    }
  }

  /// What the operator can do about a refusal; nil where nobody knows.
  var remedy: String? {
    switch status {
    case 300..<400: "write the address that it redirects to into the settings"
    case 400: "check url and stream: the server does not understand the request"
    case 401: "write a valid token into the file of token_file: the server does not know this one"
    case 403: "check plan and permissions of the account: its token may not read this stream"
    case 404, 410: "check the address in the settings: the server has no stream there"
    default: nil
    }
  }

  /// The state that the source is in.
  var state: String {
    switch failure {
    case .rateLimited: "rate_limited"
    case .refused: "refused"
    default: "reconnecting"
    }
  }

  /// `HTTP 429: title: detail`.
  var description: String { words.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(words)" }
}
