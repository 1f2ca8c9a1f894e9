/// Puts addresses together and takes them apart, as far as sources need it.
package enum URLText {
  /// The text as a value of a query: everything but unreserved characters as `%XX` (RFC 3986, 2.3).
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        escaped += byte < 16 ? "%0" : "%"
        escaped += String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }

  /// An address with a query of these items, in order.
  package static func url(_ base: String, _ items: [(String, String)] = []) -> String {
    guard !items.isEmpty else { return base }
    return base + (base.contains("?") ? "&" : "?")
      + items.map { "\($0)=\(escaped($1))" }.joined(separator: "&")
  }

  /// `wss` as `https`, which is the same to everybody but WebSocket libraries; without a slash at its end.
  package static func plain(_ url: String) -> String {
    var plain = url
    for (socket, scheme) in [("wss://", "https://"), ("ws://", "http://")]
    where url.hasPrefix(socket) {
      plain = scheme + url.dropFirst(socket.count)
    }
    while plain.hasSuffix("/") { plain.removeLast() }
    return plain
  }

  /// The host of an address, lower case, without port; nil where there is none.
  package static func host(of url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.contains("@") else { return nil }
    let host: Substring
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end]
    } else {
      host = authority.prefix { $0 != ":" }
    }
    return host.isEmpty ? nil : host.lowercased()
  }

  /// True for an address that a token may be sent to: `https`, or `http` to this machine itself.
  package static func isSafe(_ url: String) -> Bool {
    guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let host = host(of: url) else {
      return false
    }
    return url.hasPrefix("https://") || (url.hasPrefix("http://") && isLoopback(host))
  }

  /// True for names and numbers of this machine itself.
  package static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
