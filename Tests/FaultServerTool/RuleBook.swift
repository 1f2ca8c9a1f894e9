import FaultServer
import Foundation
import Synchronization

/// The rules of a filtered stream, kept and refused as X does.
final class RuleBook: Sendable {
  private struct Rule: Sendable {
    var id: String
    var value: String
    var tag: String?
  }

  private let rules = Mutex<[Rule]>([])

  /// Answers a question about rules.
  func answer(_ request: FaultRequest, _ connection: FaultConnection) {
    let body = request.method == "POST" ? change(request) : list()
    let bytes = (try? JSONSerialization.data(withJSONObject: body)) ?? Data()
    connection.send(
      Array("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n\r\n".utf8)
        + Array(bytes))
  }

  private func list() -> [String: Any] {
    let data = rules.withLock { rules in
      rules.map { rule in
        ["id": rule.id, "value": rule.value].merging(rule.tag.map { ["tag": $0] } ?? [:]) { $1 }
      }
    }
    return ["data": data, "meta": ["sent": "now"]]
  }

  private func change(_ request: FaultRequest) -> [String: Any] {
    let body = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any]
    let isTried = request.query["dry_run"] == "true"
    var errors: [[String: String]] = []
    var (created, deleted) = (0, 0)
    for wanted in body?["add"] as? [[String: String]] ?? [] {
      let value = wanted["value"] ?? ""
      let isThere = rules.withLock { $0.contains { $0.value == value } }
      if isThere {
        errors.append(["title": "DuplicateRule", "value": value])
      } else if value.hasSuffix("(") {
        errors.append(["title": "Invalid Rule", "value": value, "detail": "missing bracket"])
      } else {
        created += 1
        if !isTried {
          let rule = Rule(
            id: "\(UInt32.random(in: 1...UInt32.max))", value: value, tag: wanted["tag"])
          rules.withLock { $0.append(rule) }
        }
      }
    }
    let ids = (body?["delete"] as? [String: [String]])?["ids"] ?? []
    deleted = ids.count
    if !isTried { rules.withLock { $0.removeAll { ids.contains($0.id) } } }
    return ["errors": errors, "meta": ["summary": ["created": created, "deleted": deleted]]]
  }
}
