/// Reads the addresses of servers as people write them: with or without what elmond adds itself.
package enum ServerAddress {
  /// Why an address is not taken, and what to write instead.
  package struct Refusal: Error, Equatable {
    package var message: String
  }

  /// The base of X's API: `https://api.x.com`, also when `/2` or a stream's path is added.
  package static func x(_ text: String) throws(Refusal) -> String {
    let paths = XOptions.Stream.allCases.map(\.path) + ["/2/tweets/search/stream/rules", "/2"]
    let base = try ServerAddress.base(text, without: paths, instead: "https://api.x.com")
    let host = URLText.host(of: base) ?? ""
    let isOfX = ["x.com", "twitter.com"].contains { host == $0 || host.hasSuffix("." + $0) }
    guard !isOfX || (host.hasPrefix("api.") && path(of: base).isEmpty) else {
      throw Refusal(message: "expected \"https://api.x.com\", found \"\(text)\"")
    }
    return base
  }

  /// The base of a Mastodon server: `https://mastodon.example`, also when the path of its public stream is added.
  package static func mastodon(_ text: String) throws(Refusal) -> String {
    let server = origin(of: URLText.plain(text))
    for (path, setting) in [
      ("/api/v1/streaming/public/local", "stream = \"local\""),
      ("/api/v1/streaming/public/remote", "stream = \"remote\""),
      ("/api/v1/streaming/hashtag", "hashtag = \"…\""),
    ] where path == self.path(of: URLText.plain(withoutQuery(text))) {
      throw Refusal(
        message: "expected the server alone; write url = \"\(server)\" and \(setting)")
    }
    let base = try ServerAddress.base(
      text,
      without: [
        "/api/v1/streaming/public", "/api/v1/streaming", "/api/v2/instance", "/api/v1/instance",
      ], instead: server)
    guard path(of: base).isEmpty else {
      throw Refusal(message: "expected the server alone; write url = \"\(server)\"")
    }
    return base
  }

  /// The base of a Jetstream server, also when the path of its stream is added.
  package static func jetstream(
    _ text: String, version: JetstreamOptions.Version
  ) throws(Refusal) -> String {
    for other in JetstreamOptions.Version.allCases where other != version {
      guard URLText.plain(withoutQuery(text)).hasSuffix(other.path) else { continue }
      throw Refusal(
        message: "this is an address of version \"\(other.rawValue)\"; "
          + "set version = \"\(other.rawValue)\", or remove the path")
    }
    let server = origin(of: text)
    return try base(text, without: [version.path], instead: server)
  }

  /// Any address of a stream: it is asked for as it stands.
  package static func http(_ text: String) throws(Refusal) -> String {
    try checkSafe(text, text)
    return text
  }

  /// The address without what is added to it; `instead` is the address to write.
  private static func base(
    _ text: String, without paths: [String], instead: String
  ) throws(Refusal) -> String {
    guard !text.contains("?"), !text.contains("#") else {
      throw Refusal(
        message: "expected an address without a query, which is added by elmond; "
          + "write \"\(safe(instead))\"")
    }
    var base = URLText.plain(text)
    try checkSafe(base, text)
    if let path = paths.filter({ base.hasSuffix($0) }).max(by: { $0.utf8.count < $1.utf8.count }) {
      base = URLText.plain(String(base.dropLast(path.utf8.count)))
    }
    guard URLText.isSafe(base) else { throw notSafe(text) }
    return base
  }

  private static func checkSafe(_ address: String, _ text: String) throws(Refusal) {
    guard URLText.isSafe(address) else { throw notSafe(text) }
  }

  private static func notSafe(_ text: String) -> Refusal {
    Refusal(
      message: "expected an https address, or an http one of this machine itself, "
        + "found \(text.contains("@") ? "one with a user in it" : "\"\(text)\"")")
  }

  /// What may be a password is not repeated.
  private static func safe(_ address: String) -> String {
    address.contains("@") ? "https://…" : address
  }

  private static func withoutQuery(_ text: String) -> String {
    String(text.prefix { $0 != "?" && $0 != "#" })
  }

  /// Scheme and authority.
  private static func origin(of text: String) -> String {
    let bare = withoutQuery(text)
    return String(bare.dropLast(path(of: bare).utf8.count))
  }

  /// The path; empty without one.
  private static func path(of url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return "" }
    return String(url[scheme.upperBound...].drop { $0 != "/" })
  }
}
