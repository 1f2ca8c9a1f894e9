/// One question to a server and its whole answer; blocks, but never for longer than its timeout.
package enum HTTPCall {
  /// What came back.
  package struct Answer: Sendable {
    /// The status, 200 for a good one.
    package var status: Int
    /// The body, at most as long as was allowed.
    package var body: [UInt8]
  }

  /// Asks, and waits for the answer.
  package static func answer(
    to request: HTTPRequest, _ options: NetworkOptions, timeout: Duration = .seconds(10),
    mostBodyBytes: Int = 16 << 20
  ) throws(NetworkError) -> Answer {
    var transfer = try CurlTransfer(
      request, options, timeout: timeout, mostBodyBytes: mostBodyBytes)
    var body: [UInt8] = []
    while transfer.progress == .underWay {
      transfer.pull(wait: .milliseconds(100))
      body += transfer.takeBody()
      if body.count > mostBodyBytes {
        throw NetworkError(
          .tooLarge, host: URLText.host(of: request.url) ?? "?",
          "the answer is longer than \(mostBodyBytes) bytes")
      }
    }
    if case .failed(let error) = transfer.progress { throw error }
    return Answer(status: transfer.status, body: body)
  }
}
