internal import JSON
import Tweets

/// Shapes of archives and of other programs' exports: they wrap a tweet, or name its parts differently.
extension TweetDecoder {
  /// What a wrapper holds, or a tweet whose parts have other names; nil when it is neither.
  func decodeArchived(_ node: JSONNode, depth: Int) -> [Decoded]? {
    guard depth < TweetDecoder.deepestWrapper else { return nil }
    let wrappers: [StaticString] = ["_source", "legacy", "_json", "tweet", "status", "post"]
    for key in wrappers {
      guard let inner = document.member(key, .object, of: node) else { continue }
      if let header = headerOrDelete(inner) { return [.notice(header)] }
      return decodeObject(inner, depth: depth + 1)
    }
    if let note = document.member("noteTweet", .object, of: node) { return [decodeNote(note)] }
    if let page = decodeArchivedPage(node, depth: depth) { return page }
    if isActivity(node) { return [decodeActivity(node)] }
    if let text = textOfOtherNames(node) { return [tweet(of: node, text: text)] }
    return nil
  }

  /// Wrappers in wrappers that are looked into.
  static let deepestWrapper = 6

  /// An answer or a dump with a list of tweets.
  private func decodeArchivedPage(_ node: JSONNode, depth: Int) -> [Decoded]? {
    let lists: [StaticString] = [
      "statuses", "tweets", "results", "posts", "feed", "records", "hits",
    ]
    for key in lists {
      guard let value = document.member(key, of: node) else { continue }
      switch document.kind(of: value) {
      case .array:
        if document.count(of: value) == 0 { return [.notice(.other("empty"))] }
        return document.elements(of: value).flatMap { decodeObject($0, depth: depth + 1) }
      case .object where document.member("hits", .array, of: value) != nil:
        return decodeArchivedPage(value, depth: depth + 1)
      default: continue
      }
    }
    return nil
  }

  // MARK: Account exports

  /// A tweet of an export without its text, or one that its author deleted.
  private func headerOrDelete(_ node: JSONNode) -> Notice? {
    if document.member("deleted_at", of: node) != nil, let id = id(of: node) {
      return .delete(id: id)
    }
    guard !hasText(node), document.member("tweet_id", of: node) != nil,
      document.member("user_id", of: node) != nil
    else { return nil }
    return .other("tweet_header")
  }

  /// The long form of a tweet, which an export keeps in a file of its own.
  private func decodeNote(_ node: JSONNode) -> Decoded {
    guard let core = document.member("core", .object, of: node),
      let text = document.string("text", of: core)
    else { return .undecodable(DecodeError(.noText, "a note without core.text")) }
    return tweet(of: node, text: text)
  }

  // MARK: Activity streams

  /// A post as Gnip's PowerTrack delivered it.
  private func isActivity(_ node: JSONNode) -> Bool {
    guard document.member("body", .string, of: node) != nil else {
      return document.string("verb", of: node) == "delete"
        && document.member("object", .object, of: node) != nil
    }
    let marks: [StaticString] = ["postedTime", "verb", "objectType", "actor"]
    return marks.contains { document.member($0, of: node) != nil }
  }

  private func decodeActivity(_ node: JSONNode) -> Decoded {
    let object = document.member("object", .object, of: node)
    switch document.string("verb", of: node) {
    case "delete":
      guard let id = object.flatMap({ id(of: $0) }) else {
        return .undecodable(DecodeError(.unknownShape, "a delete without an id"))
      }
      return .notice(.delete(id: id))
    case "share":
      if let text = object.flatMap({ activityText($0) }) { return tweet(of: node, text: text) }
    default: break
    }
    guard let text = activityText(node) else {
      return .undecodable(DecodeError(.noText, "an activity without body"))
    }
    return tweet(of: node, text: text)
  }

  private func activityText(_ node: JSONNode) -> String? {
    document.member("long_object", .object, of: node).flatMap { document.string("body", of: $0) }
      ?? document.string("body", of: node)
  }

  // MARK: Other names

  /// The text where other programs put it, as far as other members prove that it is a tweet's.
  private func textOfOtherNames(_ node: JSONNode) -> String? {
    func has(_ keys: [StaticString]) -> Bool {
      keys.contains { document.member($0, of: node) != nil }
    }
    // Twint.
    if let text = document.string("tweet", of: node), has(["id", "id_str", "tweet_id", "username"])
    {
      return text
    }
    // Logstash's plug-in for Twitter; the same two members are in every log record, so a third must be a tweet's.
    if let text = document.string("message", of: node), has(["@timestamp"]),
      has(["user", "retweeted", "hashtags", "user_mentions", "in-reply-to"]),
      !has(["level", "loglevel", "logger_name", "log", "severity"])
    {
      return text
    }
    // Tables that were turned into JSON.
    let names: [StaticString] = ["tweet_text", "tweetText", "Text", "Tweet", "tweet_content"]
    for name in names {
      if let text = document.string(name, of: node) { return text }
    }
    return nil
  }

  /// A tweet with that text; its other parts are looked for under all names.
  private func tweet(of node: JSONNode, text: String) -> Decoded {
    let id = id(of: node)
    return .tweet(
      Tweet(
        id: id, hasStableID: id != nil, text: HTMLEntities.decode(text),
        time: time(of: node, id: id), lang: archivedLanguage(of: node), tags: []))
  }

  private func archivedLanguage(of node: JSONNode) -> String? {
    let names: [StaticString] = ["lang", "language", "twitter_lang"]
    for name in names {
      if let lang = nonEmpty(document.string(name, of: node)) { return lang }
    }
    return nil
  }
}
