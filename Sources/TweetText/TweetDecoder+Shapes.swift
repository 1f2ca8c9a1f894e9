internal import JSON
import Tweets

extension TweetDecoder {
  /// A tweet, a notice, a page, or an answer with tweets in it; `depth`: wrappers around it.
  func decodeObject(_ node: JSONNode, depth: Int = 0) -> [Decoded] {
    guard document.kind(of: node) == .object else {
      return [.undecodable(DecodeError(.unknownShape, "an element that is no object"))]
    }
    if let recorded = decodeRecorded(node) { return [recorded] }
    if hasText(node) { return [decodeTweet(node)] }
    if let data = document.member("data", of: node) {
      switch document.kind(of: data) {
      case .object: return [decodeStreamLine(node, data)]
      case .array: return decodePage(node, data)
      default: break
      }
    }
    if let archived = decodeArchived(node, depth: depth) { return archived }
    if let notice = notice(node) { return [.notice(notice)] }
    return [decodeTweet(node)]
  }

  /// What streams of other platforms send, in a file that recorded it.
  private func decodeRecorded(_ node: JSONNode) -> Decoded? {
    if isMessage(node) { return decodeMessage(node) }
    if isStatus(node) { return decodeStatus(node, host: TweetDecoder.recordedHost) }
    return decodeAddressed(node)
  }

  /// A line of a v2 stream; errors beside the data do not matter.
  private func decodeStreamLine(_ node: JSONNode, _ data: JSONNode) -> Decoded {
    if !hasText(data), let notice = notice(data) { return .notice(notice) }
    var includes = IncludedTweets(of: node, in: document)
    return decodeTweet(data, tags: tags(of: node), includes: &includes)
  }

  /// A v2 answer page.
  private func decodePage(_ node: JSONNode, _ data: JSONNode) -> [Decoded] {
    guard let first = document.elements(of: data).first(where: { _ in true }) else {
      return [.notice(.other("empty"))]
    }
    if document.member("tweet_count", of: first) != nil { return [.notice(.other("counts"))] }
    var includes = IncludedTweets(of: node, in: document)
    let tags = tags(of: node)
    var decoded: [Decoded] = []
    decoded.reserveCapacity(document.count(of: data))
    for element in document.elements(of: data) {
      decoded.append(decodeTweet(element, tags: tags, includes: &includes))
    }
    return decoded
  }

  private func decodeTweet(_ node: JSONNode) -> Decoded {
    var includes = IncludedTweets.none
    return decodeTweet(node, tags: tags(of: node), includes: &includes)
  }

  private func decodeTweet(
    _ node: JSONNode, tags: [String], includes: inout IncludedTweets
  ) -> Decoded {
    guard let text = fullText(of: node, includes: &includes) else {
      return .undecodable(
        isLikeTweet(node)
          ? DecodeError(.noText, "a tweet without a text; ask the source for that field")
          : DecodeError(.unknownShape, unknownShape(node)))
    }
    let id = id(of: node)
    return .tweet(
      Tweet(
        id: id, chain: chain(of: node, id: id), hasStableID: id != nil,
        text: HTMLEntities.decode(text), time: time(of: node, id: id),
        lang: nonEmpty(document.string("lang", of: node)), tags: tags))
  }

  /// Shows the members, so that the one with the text can be named.
  private func unknownShape(_ node: JSONNode) -> String {
    let names = document.memberNames(of: node).prefix(12).map { shortened($0) }
    guard !names.isEmpty else { return "an empty object, neither a tweet nor a notice" }
    return
      "neither a tweet nor a notice; if one of its members is the text, name it with text_field: "
      + names.joined(separator: ", ")
  }

  /// True for an object that names a tweet, with its text or without.
  private func isLikeTweet(_ node: JSONNode) -> Bool {
    guard document.member("id", of: node) != nil || document.member("id_str", of: node) != nil
    else {
      return false
    }
    let others: [StaticString] = [
      "created_at", "author_id", "edit_history_tweet_ids", "user", "date", "entities", "lang",
    ]
    return others.contains { document.member($0, of: node) != nil }
  }

  // MARK: notices

  private func notice(_ node: JSONNode) -> Notice? {
    if let delete = document.member("delete", .object, of: node) {
      let status =
        document.member("status", .object, of: delete)
        ?? document.member("tweet", .object, of: delete)
      if let id = status.flatMap({ self.id(of: $0) }) { return .delete(id: id) }
    }
    if document.count(of: node) == 1 {
      let kinds: [StaticString] = [
        "scrub_geo", "limit", "status_withheld", "user_withheld", "disconnect", "warning", "meta",
      ]
      for kind in kinds where document.member(kind, .object, of: node) != nil {
        return .other(kind.description)
      }
    }
    // A line of a compliance job: {"id": …, "action": "delete", …}.
    if let action = document.string("action", of: node), let id = id(of: node) {
      return action == "delete" ? .delete(id: id) : .other(action)
    }
    if let errors = document.member("errors", .array, of: node) {
      let closes = document.elements(of: errors).contains {
        document.member("disconnect_type", of: $0) != nil
          || document.string("title", of: $0) == "operational-disconnect"
      }
      return .other(closes ? "disconnect" : "errors")
    }
    if document.member("meta", .object, of: node) != nil { return .other("meta") }
    if let type = document.string("type", of: node), document.string("title", of: node) != nil,
      type == "about:blank" || type.utf8.contains(UInt8(ascii: "/"))
    {
      return .other("problem")
    }
    return nil
  }
}

/// The posts that a v2 answer includes beside its data, looked up by id.
struct IncludedTweets {
  private let tweets: JSONNode?
  private var byID: [String: JSONNode]?

  /// No posts at all.
  static let none = IncludedTweets(tweets: nil)

  private init(tweets: JSONNode?) { self.tweets = tweets }

  init(of node: JSONNode, in document: JSONDocument) {
    tweets = document.member("includes", .object, of: node)
      .flatMap { document.member("tweets", .array, of: $0) }
  }

  mutating func find(_ id: String, in document: JSONDocument) -> JSONNode? {
    guard let tweets else { return nil }
    if let byID { return byID[id] }
    var index: [String: JSONNode] = [:]
    for element in document.elements(of: tweets) {
      if let id = document.string("id", of: element) { index[id] = element }
    }
    byID = index
    return index[id]
  }
}
