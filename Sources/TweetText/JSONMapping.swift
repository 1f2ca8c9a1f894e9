/// Where the parts of a tweet stand in JSON of a shape that elmond does not know.
///
/// A place is the names of members from the outermost object on, joined by points, such as `post.body.text`; at an
/// array the name is the number of an element, from 0.
package struct JSONMapping: Sendable, Equatable {
  /// The place of the text, a string; it is plain text: references of HTML are not decoded.
  package let text: [String]
  /// The place of the id, a string or a number, which must never name two tweets.
  package let id: [String]?
  /// The place of the time: RFC 3339, the form of v1.1, or seconds or milliseconds since 1970.
  package let time: [String]?
  /// The place of the language tag.
  package let lang: [String]?
  /// Whose ids these are; sources that deliver the same tweets share a name.
  package let namespace: String
  /// True when ids that look like those of X are its own, so that a tweet is known again in another shape.
  package let sharesIDs: Bool

  /// A mapping from places, names joined by points.
  package init(
    text: String, id: String? = nil, time: String? = nil, lang: String? = nil, namespace: String,
    sharesIDs: Bool = false
  ) {
    self.text = JSONMapping.names(text)
    self.id = id.map(JSONMapping.names)
    self.time = time.map(JSONMapping.names)
    self.lang = lang.map(JSONMapping.names)
    self.namespace = namespace
    self.sharesIDs = sharesIDs
  }

  /// Whose id it is.
  func namespace(of id: String?) -> String {
    guard sharesIDs, let id, (15...20).contains(id.utf8.count),
      id.utf8.allSatisfy({ $0 &- 0x30 < 10 })
    else { return namespace }
    return "x"
  }

  private static func names(_ place: String) -> [String] {
    place.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}
