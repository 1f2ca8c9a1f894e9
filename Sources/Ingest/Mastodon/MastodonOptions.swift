internal import JSON

/// Which stream of a Mastodon server is read.
package struct MastodonOptions: Sendable {
  /// The streams of the streaming API.
  package enum Stream: Sendable, Equatable {
    /// All public statuses that the server knows.
    case everything
    /// Those of its own accounts.
    case local
    /// Those of other servers.
    case remote
    /// Those with a hashtag, without its `#`.
    case hashtag(String)

    var path: String {
      switch self {
      case .everything: "/api/v1/streaming/public"
      case .local: "/api/v1/streaming/public/local"
      case .remote: "/api/v1/streaming/public/remote"
      case .hashtag: "/api/v1/streaming/hashtag"
      }
    }

    var query: [(String, String)] {
      if case .hashtag(let tag) = self { [("tag", tag)] } else { [] }
    }

    /// The timeline that has the same statuses, and its query.
    var timeline: (path: String, query: [(String, String)]) {
      switch self {
      case .everything: ("/api/v1/timelines/public", [])
      case .local: ("/api/v1/timelines/public", [("local", "true")])
      case .remote: ("/api/v1/timelines/public", [("remote", "true")])
      case .hashtag(let tag): ("/api/v1/timelines/tag/\(URLText.escaped(tag))", [])
      }
    }
  }

  /// The server, `https://mastodon.example`.
  package var server: String
  /// The stream.
  package var stream: Stream
  /// Where the user's token lies; nil for a server that asks for none.
  package var token: SecretFile?

  /// Options from their parts.
  package init(server: String, stream: Stream = .everything, token: SecretFile? = nil) {
    self.server = server
    self.stream = stream
    self.token = token
  }

  /// The server's name, by which its ids are told from those of others.
  package var host: String { URLText.host(of: server) ?? "" }

  /// Asks the server where it streams: often a host of its own. The token is not sent along.
  func findStreaming(_ options: NetworkOptions) throws(NetworkError) -> String {
    let answer = try HTTPCall.answer(
      to: HTTPRequest(url: server + "/api/v2/instance"), options, mostBodyBytes: 1 << 20)
    guard answer.status == 200, let json = try? JSONDocument(answer.body),
      let configuration = json.member("configuration", .object, of: json.root),
      let urls = json.member("urls", .object, of: configuration),
      let base = json.string("streaming", of: urls)
    else { return server }  // An older server, which streams itself.
    return URLText.plain(base)
  }

  /// The request of a connection at the place where the server streams, with the token as it is now.
  func request(at base: String) throws(IngestError) -> HTTPRequest {
    HTTPRequest(
      url: URLText.url(base + stream.path, stream.query), headers: ["Accept: text/event-stream"],
      token: try token?.read())
  }
}
