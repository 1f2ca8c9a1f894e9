package import Tweets

/// What an input turned out to be; with an offset and a line it is all that a restart needs.
package enum Framing: Sendable, Equatable {
  /// JSON documents.
  case json
  /// CSV; nil until the header was read.
  case csv(CSVHeader?)
  /// Plain text, whatever a line begins with.
  case text
  /// One JSON document a line and nothing else: what a live stream sends. Empty lines are heartbeats.
  case lines
  /// Plain text that nobody promised: a line that begins a JSON document is one.
  case mixed

  /// The word of `elmond query files`.
  var name: String {
    switch self {
    case .json, .lines: "json"
    case .csv: "csv"
    case .text, .mixed: "text"
    }
  }

  /// False while a CSV header is still to come.
  var isComplete: Bool { self != .csv(nil) }
}
