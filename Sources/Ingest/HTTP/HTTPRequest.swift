/// One request to a server.
package struct HTTPRequest: Sendable, Equatable {
  /// What is asked for: `https` everywhere, `http` on this machine alone.
  package var url: String
  /// Headers besides those that are always sent, `Name: value`, without secrets.
  package var headers: [String] = []
  /// Sent as a bearer token; nil where none is asked for.
  package var token: Secret?
  /// JSON to post; nil for a GET.
  package var json: [UInt8]?

  /// A GET of the address.
  package init(url: String, headers: [String] = [], token: Secret? = nil, json: [UInt8]? = nil) {
    self.url = url
    self.headers = headers
    self.token = token
    self.json = json
  }
}

/// What is the same for all requests of a source.
package struct NetworkOptions: Sendable, Equatable {
  /// Sent as `User-Agent`.
  package var userAgent: String
  /// A file of certificate authorities in place of the system's; nil for the system's.
  package var authorities: String?
  /// How long connecting may take, TLS included.
  package var connectTimeout: Duration

  /// Options; the defaults are those of the settings.
  package init(
    userAgent: String = "elmond", authorities: String? = nil,
    connectTimeout: Duration = .seconds(10)
  ) {
    self.userAgent = userAgent
    self.authorities = authorities
    self.connectTimeout = connectTimeout
  }
}
