internal import JSON
import Tweets

/// Documents of an endpoint whose fields the settings name. Their texts are taken as they are: nothing says that they
/// hold HTML.
extension TweetDecoder {
  mutating func decodeMapped(_ bytes: [UInt8], _ mapping: JSONMapping) -> [Decoded] {
    do throws(JSONError) {
      try document.parse(bytes)
    } catch {
      return [.undecodable(DecodeError(error))]
    }
    guard let text = node(at: mapping.text).flatMap({ document.string($0) }) else {
      return [.undecodable(DecodeError(.noText, "no text at \(mapping.text)"))]
    }
    let id = mapping.id.flatMap { node(at: $0) }.flatMap { document.scalarBytes($0) }
      .flatMap { (1...256).contains($0.count) ? String(decoding: $0, as: UTF8.self) : nil }
    let time = mapping.time.flatMap { node(at: $0) }.flatMap { document.scalarBytes($0) }
      .flatMap { Timestamp(tweetTime: $0) ?? Timestamp(epochDigits: $0) }
    let lang = mapping.lang.flatMap { node(at: $0) }.flatMap { document.string($0) }
    return [
      .tweet(
        Tweet(
          namespace: mapping.namespace, id: id, version: 0, hasStableID: id != nil, text: text,
          createdAt: time, lang: nonEmpty(lang)))
    ]
  }

  /// The value at a path; nil where the path leads nowhere.
  private func node(at path: String) -> JSONNode? {
    var node = document.root
    for step in path.split(separator: ".").prefix(JSONDocument.depthLimit) {
      let next =
        Int(step).flatMap { document.element($0, of: node) }
        ?? document.member(named: String(step), of: node)
      guard let next else { return nil }
      node = next
    }
    return node
  }
}
