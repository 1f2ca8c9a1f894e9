/// How far a live stream is counted: what a restart needs to ask for what it missed.
package struct StreamPosition: Sendable, Equatable {
  /// The server that it was read from; a cursor may mean nothing to another one.
  package var host: String
  /// The place in the stream in the server's own terms; empty where it has none, as at X.
  package var cursor: String
  /// When the last of it arrived.
  package var time: Timestamp

  /// A position from its parts.
  package init(host: String, cursor: String = "", time: Timestamp) {
    self.host = host
    self.cursor = cursor
    self.time = time
  }
}
