import Tweets

/// An answer without end, read line by line.
struct LineStream: ~Copyable, Sendable {
  /// What one pull brings.
  enum Event: Sendable {
    /// No complete line came.
    case quiet
    /// Complete lines, in order.
    case lines([Record])
    /// The server answered something else than a stream.
    case refused(HTTPRefusal)
    /// The stream is over: the server ended it, or the error.
    case ended(NetworkError?)
  }

  /// Bytes of an answer that is no stream, as far as they are looked at.
  private static let mostRefusalBytes = 64 << 10

  private var transfer: CurlTransfer
  private var framer: RecordFramer
  private var refusal: [UInt8] = []
  private var isOver = false

  /// Begins the request.
  init(_ request: HTTPRequest, _ options: LiveOptions) throws(NetworkError) {
    transfer = try CurlTransfer(request, options.network)
    framer = RecordFramer(framing: .lines, limits: options.frame, startingAt: 0, line: 0)
  }

  /// The status of the answer; 0 before it came.
  var status: Int { transfer.status }

  /// Complete lines, at most `most`; waits for them at most that long.
  mutating func poll(wait: Duration, most: Int) -> Event {
    // A flood leaves lines behind: nothing more is taken from the socket before they are handed on.
    let left = lines(most: most)
    if !left.isEmpty { return .lines(left) }
    transfer.pull(wait: wait)
    let bytes = transfer.takeBody()
    let status = transfer.status
    if status != 0, status != 200 {
      refusal += bytes.prefix(LineStream.mostRefusalBytes - refusal.count)
      guard transfer.progress != .underWay || refusal.count == LineStream.mostRefusalBytes else {
        return .quiet
      }
      return .refused(
        HTTPRefusal(
          status: status, body: refusal, reset: transfer.header("x-rate-limit-reset"),
          location: transfer.header("location")))
    }
    if !bytes.isEmpty { framer.append(bytes.span) }
    isOver = transfer.progress != .underWay
    let records = lines(most: most)
    if !records.isEmpty { return .lines(records) }
    switch transfer.progress {
    case .underWay: return .quiet
    case .done: return .ended(nil)
    case .failed(let error): return .ended(error)
    }
  }

  private mutating func lines(most: Int) -> [Record] {
    var records: [Record] = []
    while records.count < most, let record = framer.next(atEnd: isOver) { records.append(record) }
    return records
  }
}
