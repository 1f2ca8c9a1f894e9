/// Whether a server can be reached and is who it should be, without asking it anything.
package enum Reachability {
  /// Connects, TLS included, and leaves.
  package static func check(_ url: String, _ options: NetworkOptions) throws(NetworkError) {
    var transfer = try CurlTransfer(
      HTTPRequest(url: url), options, timeout: options.connectTimeout, connectOnly: true)
    while transfer.progress == .underWay { transfer.pull(wait: .milliseconds(100)) }
    if case .failed(let error) = transfer.progress { throw error }
  }
}
