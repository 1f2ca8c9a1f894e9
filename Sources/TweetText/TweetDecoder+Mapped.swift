internal import JSON
import Tweets

extension TweetDecoder {
  /// A tweet whose parts stand where the settings say.
  func decodeMapped(_ root: JSONNode, _ mapping: JSONMapping) -> Decoded {
    guard let text = document.value(at: mapping.text, of: root).flatMap({ document.string($0) })
    else {
      let place = mapping.text.joined(separator: ".")
      return .undecodable(
        DecodeError(.noText, "no text at \(place); correct the place in the settings"))
    }
    func node(_ place: [String]?) -> JSONNode? {
      place.flatMap { document.value(at: $0, of: root) }
    }
    let id = identifier(node(mapping.id))
    return .tweet(
      Tweet(
        namespace: mapping.namespace(of: id), id: id, hasStableID: id != nil, text: text,
        time: time(mapping.time, at: node(mapping.time)),
        lang: node(mapping.lang).flatMap { nonEmpty(document.string($0)) }))
  }

  /// The time at a place that the settings name; a record without it has a time that is not understood.
  private func time(_ place: [String]?, at node: JSONNode?) -> TweetTime {
    guard place != nil else { return .missing }
    return node.map { time(at: $0) } ?? .unread(UnreadTime(text: "", reason: .empty))
  }

  // MARK: what the shapes of live sources share

  /// The longest id that is believed to be one, in bytes.
  static let longestID = 512

  /// An id as it is written, string or number; nil for an empty or endless one.
  func identifier(_ node: JSONNode?, limit: Int = TweetDecoder.longestID) -> String? {
    guard let node, let bytes = document.scalarBytes(node), bytes.count <= limit else { return nil }
    return nonEmpty(String(decoding: bytes, as: UTF8.self))
  }

  /// The name of a notice, which comes from outside, cut to a length fit to be shown.
  func shortened(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.prefix(64)))
  }
}
