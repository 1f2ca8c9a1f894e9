/// A rule of the filtered stream.
package struct XRule: Sendable, Hashable {
  /// X's own id; nil for a rule that is not there yet.
  package var id: String?
  /// What posts must match.
  package var value: String
  /// The topic of the posts that match; nil without.
  package var tag: String?

  /// A rule from its parts.
  package init(id: String? = nil, value: String, tag: String? = nil) {
    self.id = id
    self.value = value
    self.tag = tag
  }
}
