package import Tweets

/// What an input turned out to be; with an offset and a line it is all that a restart needs.
package enum Framing: Sendable, Equatable {
  /// JSON documents.
  case json
  /// A table; its records begin at that offset, behind the heading.
  case csv(CSVHeader, start: Int64)
  /// Plain text, whatever a line begins with.
  case text
  /// One JSON document a line and nothing else: what a live stream sends. Empty lines are heartbeats.
  case lines
  /// Plain text that nobody promised: a line that begins a JSON document is one.
  case mixed
  /// A recording of server-sent events.
  case events

  /// The word that log and tables show.
  package var name: String {
    switch self {
    case .json, .lines: "json"
    case .csv(let header, _): header.separator == 0x09 ? "tsv" : "csv"
    case .text, .mixed: "text"
    case .events: "events"
    }
  }
}
