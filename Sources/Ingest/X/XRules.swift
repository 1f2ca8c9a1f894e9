internal import JSON

/// The rules of the filtered stream at X: listed, tried, added, deleted.
package struct XRules: Sendable {
  /// What X said to a change.
  package struct Outcome: Sendable, Equatable {
    /// Rules that were added, or would be.
    package var created: Int
    /// Rules that were deleted.
    package var deleted: Int
    /// What X refuses, a line each.
    package var problems: [String]
  }

  private static let mostPages = 32  // of 1,000 rules each; no account has more

  private let url: String
  private let token: Secret
  private let options: NetworkOptions

  /// The rules at `base`, such as `https://api.x.com`.
  package init(base: String, token: Secret, options: NetworkOptions) {
    url = base + XOptions.Stream.filtered.path + "/rules"
    self.token = token
    self.options = options
  }

  /// All rules that are in force.
  package func list() throws -> [XRule] {
    var rules: [XRule] = []
    var next: String?
    for _ in 0..<XRules.mostPages {
      let items = next.map { [("pagination_token", $0)] } ?? []
      let json = try ask(
        "list the rules at", HTTPRequest(url: URLText.url(url, items), token: token))
      if let data = json.member("data", .array, of: json.root) {
        rules += json.elements(of: data).compactMap { node in
          json.string("value", of: node).map {
            XRule(id: json.string("id", of: node), value: $0, tag: json.string("tag", of: node))
          }
        }
      }
      next = json.member("meta", .object, of: json.root).flatMap {
        json.string("next_token", of: $0)
      }
      if next == nil { break }
    }
    return rules
  }

  /// Adds rules; `dryRun`: X only says what it would do.
  package func add(_ rules: [XRule], dryRun: Bool) throws -> Outcome {
    let added = rules.map { rule in
      let tag = rule.tag.map { ",\"tag\":\(JSONText.quote($0))" } ?? ""
      return "{\"value\":\(JSONText.quote(rule.value))\(tag)}"
    }
    return try change("add rules at", "{\"add\":[\(added.joined(separator: ","))]}", dryRun: dryRun)
  }

  /// Deletes rules by their ids.
  package func delete(_ rules: [XRule], dryRun: Bool) throws -> Outcome {
    let ids = rules.compactMap(\.id).map(JSONText.quote).joined(separator: ",")
    return try change("delete rules at", "{\"delete\":{\"ids\":[\(ids)]}}", dryRun: dryRun)
  }

  private func change(_ operation: String, _ body: String, dryRun: Bool) throws -> Outcome {
    let address = URLText.url(url, dryRun ? [("dry_run", "true")] : [])
    let json = try ask(
      operation, HTTPRequest(url: address, token: token, json: Array(body.utf8)))
    var outcome = Outcome(created: 0, deleted: 0, problems: [])
    if let summary = json.member("meta", .object, of: json.root)
      .flatMap({ json.member("summary", .object, of: $0) })
    {
      func count(_ key: StaticString) -> Int {
        json.member(key, of: summary).flatMap { json.integer($0) }.flatMap { Int(exactly: $0) } ?? 0
      }
      outcome.created = count("created")
      outcome.deleted = count("deleted")
    }
    if let errors = json.member("errors", .array, of: json.root) {
      outcome.problems = json.elements(of: errors).map { node in
        let keys: [StaticString] = ["title", "value", "detail"]
        return keys.compactMap { json.string($0, of: node) }.joined(separator: ": ")
      }
    }
    return outcome
  }

  private func ask(_ operation: String, _ request: HTTPRequest) throws -> JSONDocument {
    let answer = try HTTPCall.answer(to: request, options)
    // A refused rule comes with 400 and the same shape as a good answer.
    if let json = try? JSONDocument(answer.body), json.kind(of: json.root) == .object,
      (200..<300).contains(answer.status)
        || json.member("meta", .object, of: json.root)
          .flatMap({ json.member("summary", .object, of: $0) }) != nil
    {
      return json
    }
    let refusal = HTTPRefusal(status: answer.status, body: answer.body, reset: nil, location: nil)
    throw IngestError(
      kind: answer.status == 401 || answer.status == 403 ? .permission : .unreadable,
      operation: operation, subject: url, cause: refusal.description,
      remedy: answer.status == 429
        ? "wait a quarter of an hour" : "check the token and what the account may do")
  }
}
