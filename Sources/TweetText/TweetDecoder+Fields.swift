internal import JSON
import Tweets

extension TweetDecoder {
  // MARK: text

  /// True when the object itself holds a text of a known name.
  func hasText(_ node: JSONNode) -> Bool {
    for key in Self.textKeys where document.member(key, .string, of: node) != nil { return true }
    return false
  }

  /// The full text: of a retweet the original's, of a long post the long form.
  func fullText(of node: JSONNode, includes: inout IncludedTweets) -> String? {
    var current = node
    var text = ownText(of: node)
    // Every retweet names its original, so one step is the rule; the bound is against hostile input.
    for _ in 0..<JSONDocument.depthLimit {
      guard let original = original(of: current, includes: &includes),
        let full = ownText(of: original)
      else { break }
      text = full
      current = original
    }
    return text
  }

  /// The post that this one repeats.
  private func original(of node: JSONNode, includes: inout IncludedTweets) -> JSONNode? {
    if let status = document.member("retweeted_status", .object, of: node)
      ?? document.member("retweetedTweet", .object, of: node)
    {
      return status
    }
    guard let references = document.member("referenced_tweets", .array, of: node) else {
      return nil
    }
    for reference in document.elements(of: references)
    where document.string("type", of: reference) == "retweeted" {
      if hasText(reference) { return reference }  // flattened
      if let id = document.string("id", of: reference) { return includes.find(id, in: document) }
    }
    return nil
  }

  private func ownText(of node: JSONNode) -> String? {
    if let note = document.member("note_tweet", .object, of: node),
      let text = document.string("text", of: note) ?? textOfWebNote(note)
    {
      return text
    }
    if let extended = document.member("extended_tweet", .object, of: node),
      let text = document.string("full_text", of: extended)
    {
      return text
    }
    for key in Self.textKeys {
      if let text = document.string(key, of: node) { return text }
    }
    // `content` is too common a word to trust without the scraper's other marks.
    if document.member("url", of: node) != nil, document.member("date", of: node) != nil {
      return document.string("content", of: node) ?? document.string("renderedContent", of: node)
    }
    return nil
  }

  /// The long form as the web page's own requests have it.
  private func textOfWebNote(_ note: JSONNode) -> String? {
    document.member("note_tweet_results", .object, of: note)
      .flatMap { document.member("result", .object, of: $0) }
      .flatMap { document.string("text", of: $0) }
  }

  private static let textKeys: [StaticString] = ["full_text", "text", "rawContent"]

  // MARK: id and chain

  /// The platform's id in digits, whether it is written as a string or as a number.
  func id(of node: JSONNode) -> String? {
    let names: [StaticString] = [
      "id_str", "id", "tweet_id", "tweetid", "tweetId", "status_id", "rest_id", "noteTweetId",
    ]
    for name in names {
      if let id = digits(document.member(name, of: node)) { return id }
    }
    return document.string("id", of: node).flatMap { activityID($0) }
  }

  /// The number in `tag:search.twitter.com,2005:1234`.
  private func activityID(_ id: String) -> String? {
    guard id.hasPrefix("tag:"), let number = id.split(separator: ":").last,
      (1...20).contains(number.utf8.count), number.utf8.allSatisfy({ $0 &- 0x30 < 10 })
    else { return nil }
    return String(number)
  }

  /// The first id of the edit history when there is more to it than the tweet itself.
  func chain(of node: JSONNode, id: String?) -> String? {
    guard let first = firstEdit(of: node), first != id || isEdited(node) else { return nil }
    return first
  }

  private func firstEdit(of node: JSONNode) -> String? {
    if let history = document.member("edit_history_tweet_ids", .array, of: node) {
      return digits(document.elements(of: history).first { _ in true })
    }
    if let history = document.member("edit_history", .object, of: node) {  // v1.1 since 2022
      return digits(document.member("initial_tweet_id", of: history))
    }
    if let info = document.member("edit_info", .object, of: node),  // account export
      let edit = document.member("edit", .object, of: info)
    {
      return digits(document.member("initialTweetId", of: edit))
    }
    return nil
  }

  private func isEdited(_ node: JSONNode) -> Bool {
    document.member("edit_history_tweet_ids", .array, of: node)
      .map { document.count(of: $0) > 1 } ?? false
  }

  private func digits(_ node: JSONNode?) -> String? {
    // MongoDB's exports write long numbers as objects.
    guard let node, let bytes = document.scalarBytes(document.plainValue(of: node)), !bytes.isEmpty,
      bytes.count <= 20,
      bytes.allSatisfy({ $0 &- 0x30 < 10 })
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: tags

  /// The tags of the rules that matched, each once.
  func tags(of node: JSONNode) -> [String] {
    guard let rules = document.member("matching_rules", .array, of: node) else { return [] }
    var tags: [String] = []
    for rule in document.elements(of: rules) {
      // Far more than one account may have match one post; the bound is against hostile input.
      guard tags.count < 64 else { break }
      if let tag = nonEmpty(document.string("tag", of: rule)), !tags.contains(tag) {
        tags.append(tag)
      }
    }
    return tags
  }

  func nonEmpty(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }
}
