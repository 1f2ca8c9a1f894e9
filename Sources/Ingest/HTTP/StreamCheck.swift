/// Opens a stream with the request that a source makes, and closes it at once. Nothing of it is counted.
package enum StreamCheck {
  /// What the server answered.
  package enum Finding: Sendable, Equatable {
    /// The stream opens.
    case opens
    /// The server takes the request, and allows no more connections at the moment.
    case busy(String)
    /// The server refuses the request, or the request cannot be made: why, and what to do.
    case refused(String, remedy: String?)
    /// The server was not reached.
    case unreachable(String)
  }

  /// How long an answer may take.
  private static let patience: Duration = .seconds(10)

  /// Opens a stream of X.
  package static func x(_ x: XOptions, _ options: LiveOptions) -> Finding {
    check(options) { try x.request() }
  }

  /// Opens a stream of Mastodon, where the server says that it streams.
  package static func mastodon(_ mastodon: MastodonOptions, _ options: LiveOptions) -> Finding {
    check(options) { try mastodon.request(at: try mastodon.findStreaming(options.network)) }
  }

  /// Opens a stream of documents.
  package static func http(
    _ endpoint: HTTPStreamSource.Endpoint, _ options: LiveOptions
  ) -> Finding {
    check(options) { try endpoint.request() }
  }

  /// Opens a stream of one of the servers of Jetstream.
  package static func jetstream(
    _ jetstream: JetstreamOptions, server: String, _ options: LiveOptions
  ) -> Finding {
    do {
      var socket = try WebSocketConnection(
        url: jetstream.url(server: server, cursor: nil, mostBytes: options.frame.recordBytes),
        headers: jetstream.headers, mostBytes: options.frame.recordBytes, options.network)
      let end = options.clock() + patience
      while options.clock() < end {
        switch socket.poll(wait: options.pause, most: 1) {
        case .quiet: continue
        case .opened, .events:
          socket.close()
          return .opens
        case .refused(let refusal): return finding(refusal)
        case .failed(let error): return .unreachable("\(error)")
        }
      }
      return .unreachable("\(URLText.host(of: server) ?? server): no answer for 10 s")
    } catch {
      return finding(error)
    }
  }

  private static func check(
    _ options: LiveOptions, _ request: () throws -> HTTPRequest
  ) -> Finding {
    do {
      var stream = try LineStream(try request(), options)
      let end = options.clock() + patience
      while options.clock() < end {
        switch stream.poll(wait: options.pause, most: 1) {
        case .quiet: if stream.status == 200 { return .opens }
        case .lines, .ended(nil): return .opens
        case .refused(let refusal): return finding(refusal)
        case .ended(.some(let error)): return .unreachable("\(error)")
        }
      }
      return .unreachable("no answer for 10 s")
    } catch {
      return finding(error)
    }
  }

  private static func finding(_ refusal: HTTPRefusal) -> Finding {
    if refusal.isTooManyConnections { return .busy(refusal.description) }
    if case .refused = refusal.failure {
      return .refused(refusal.description, remedy: refusal.remedy)
    }
    return .unreachable(refusal.description)
  }

  private static func finding(_ error: any Error) -> Finding {
    if let error = error as? NetworkError, error.kind != .refused {
      return .unreachable("\(error)")
    }
    return .refused("\(error)", remedy: nil)
  }
}
