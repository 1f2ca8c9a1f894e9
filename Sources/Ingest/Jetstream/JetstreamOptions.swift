/// Which posts of Bluesky are read, and from where.
package struct JetstreamOptions: Sendable, Equatable {
  /// The versions of the protocol.
  package enum Version: String, Sendable, CaseIterable {
    /// `/subscribe`, with times as cursors that every server understands.
    case v1
    /// `network.bsky.jetstream.subscribeEvents`, with numbers as cursors that one server understands.
    case v2

    /// The path of the stream.
    var path: String {
      switch self {
      case .v1: "/subscribe"
      case .v2: "/xrpc/network.bsky.jetstream.subscribeEvents"
      }
    }
  }

  /// The public servers.
  package static let publicServers = [
    "https://jetstream2.us-east.bsky.network", "https://jetstream1.us-east.bsky.network",
    "https://jetstream2.us-west.bsky.network", "https://jetstream1.us-west.bsky.network",
  ]

  /// The servers, `https://…`; the next is tried when one fails.
  package var servers: [String]
  /// The version that they speak.
  package var version: Version
  /// Authors; empty: all.
  package var authors: [String]
  /// A file with the dictionary that the servers compress with; nil: no compression.
  package var dictionary: String?
  /// The longest time without a message, even while the server answers pings; nil means no limit.
  package var idle: Duration?

  /// Options from their parts.
  package init(
    servers: [String] = JetstreamOptions.publicServers, version: Version = .v1,
    authors: [String] = [], dictionary: String? = nil, idle: Duration? = nil
  ) {
    precondition(!servers.isEmpty, "a source of posts needs a server")
    self.servers = servers
    self.version = version
    self.authors = authors
    self.dictionary = dictionary
    self.idle = idle
  }

  private static let collection = "app.bsky.feed.post"

  /// The address of the stream at a server, from a cursor on.
  func url(server: String, cursor: String?, mostBytes: Int) -> String {
    var items: [(String, String)]
    switch version {
    case .v1:
      items = [("wantedCollections", JetstreamOptions.collection)]
      items += authors.map { ("wantedDids", $0) }
      items.append(("maxMessageSizeBytes", "\(mostBytes)"))
      if dictionary != nil { items.append(("compress", "true")) }
    case .v2:
      items = [("collections", JetstreamOptions.collection)] + authors.map { ("dids", $0) }
    }
    if let cursor { items.append(("cursor", cursor)) }
    return URLText.url(server + version.path, items)
  }

  /// What the upgrade says besides.
  var headers: [String] {
    switch version {
    case .v1: dictionary == nil ? [] : ["Socket-Encoding: zstd"]
    case .v2: ["Sec-WebSocket-Protocol: xrpc.v1.json"]
    }
  }
}
