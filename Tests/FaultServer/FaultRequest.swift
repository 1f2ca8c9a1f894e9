import Foundation

/// A request that the server was sent.
package struct FaultRequest: Sendable {
  /// `GET`, `POST`.
  package var method: String
  /// The path, without the query.
  package var path: String
  /// The items of the query, decoded.
  package var query: [String: String]
  /// The headers, their names in lower case.
  package var headers: [String: String]
  /// The body, by its `Content-Length`.
  package var body: [UInt8]

  init(head: String, body: [UInt8]) {
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = (lines.first ?? "").split(separator: " ")
    method = words.first.map(String.init) ?? ""
    let target = words.count > 1 ? words[1] : ""
    let parts = target.split(separator: "?", maxSplits: 1)
    path = parts.first.map(String.init) ?? "/"
    query = [:]
    for item in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
      let pair = item.split(separator: "=", maxSplits: 1)
      let value = pair.count > 1 ? String(pair[1]) : ""
      query[String(pair[0])] = value.removingPercentEncoding ?? value
    }
    headers = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...])
        .trimmingCharacters(in: .whitespaces)
    }
    self.body = body
  }
}
