/// One step of what the server does with a request.
package enum FaultStep: Sendable {
  /// A whole answer with a body.
  case respond(Int, headers: [String] = [], body: String = "")
  /// The head of an answer that goes on in chunks.
  case stream(headers: [String] = [])
  /// A line in a chunk of its own, ended by `\r\n`; a post that is delivered.
  case line(String)
  /// Bytes in one chunk.
  case chunk([UInt8])
  /// Bytes of one chunk, sent in pieces of these sizes, the rest at the end: cuts anywhere.
  case pieces([UInt8], sizes: [Int])
  /// Bytes, one a chunk, with a pause between them.
  case drip([UInt8], every: Duration)
  /// Bytes as they are, without the frame of a chunk.
  case raw([UInt8])
  /// Nothing for a while.
  case pause(Duration)
  /// Nothing until the client goes or the server stops.
  case stall
  /// Nothing until `release` of that name.
  case wait(for: String)
  /// The last chunk; then the connection ends.
  case finish
  /// The connection ends without the last chunk.
  case close
  /// The connection is torn down.
  case reset
  /// The upgrade to a WebSocket; with a wrong accept key where asked for.
  case upgrade(isWrong: Bool = false)
  /// A text message.
  case text(String)
  /// A frame as it is given: first byte and payload.
  case frame(UInt8, [UInt8])
}
