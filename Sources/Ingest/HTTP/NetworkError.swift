internal import CCurl

/// Why a request did not come to an answer.
package struct NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds that callers tell apart.
  package enum Kind: Sendable, Equatable {
    /// The server's name is not known.
    case name
    /// The server cannot be reached.
    case connection
    /// The server is not who it should be, or speaks an old TLS.
    case trust
    /// It took too long.
    case timeout
    /// The connection broke off in the middle.
    case broken
    /// The answer is larger than is allowed.
    case tooLarge
    /// The answer breaks the protocol.
    case protocolError
    /// A mistake of the settings: no address to send a token to, no such file of authorities.
    case refused
  }

  /// What went wrong.
  package var kind: Kind
  /// The host that was asked.
  package var host: String
  /// Why it failed, in words.
  package var cause: String

  /// An error from its parts.
  package init(_ kind: Kind, host: String, _ cause: String) {
    self.kind = kind
    self.host = host
    self.cause = cause
  }

  /// The error of a transfer that libcurl ended with a code.
  init(code: CURLcode, detail: String, host: String) {
    let kind: Kind =
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .name
      case CURLE_COULDNT_CONNECT: .connection
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
        CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
        .trust
      case CURLE_SSL_CACERT_BADFILE, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: .refused
      case CURLE_OPERATION_TIMEDOUT: .timeout
      case CURLE_WRITE_ERROR: .tooLarge
      case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .protocolError
      default: .broken
      }
    let words = unsafe String(cString: curl_easy_strerror(code))
    self.init(kind, host: host, detail.isEmpty ? words : detail)
  }

  /// `HOST: cause`.
  package var description: String { "\(host): \(cause)" }
}
