package import Tweets

/// What the pipeline does with the language of a tweet: tells it, leaves tweets out by it, and scores only what the model reads.
package struct LanguageRules: Sendable {
  /// Which languages of a source are counted.
  package struct Filter: Sendable, Equatable {
    /// The only languages that are counted; nil: all.
    package var kept: Set<String>?
    /// Languages that are not counted.
    package var dropped: Set<String>

    /// A filter; `und` stands for an unknown language.
    package init(kept: Set<String>? = nil, dropped: Set<String> = []) {
      self.kept = kept
      self.dropped = dropped
    }

    /// True when tweets in the language are counted; nil is an unknown one.
    package func keeps(_ language: String?) -> Bool {
      let language = language ?? "und"
      return kept?.contains(language) != false && !dropped.contains(language)
    }
  }

  /// The language that a tweet counts under; nil where it is unknown.
  package var language: @Sendable (Tweet) -> String?
  /// The languages that the model reads; nil: all.
  package var scored: Set<String>?
  /// Filters by source.
  package var filters: [String: Filter]

  /// Rules; without any, a tweet's own tag is its language, and every tweet is counted and scored.
  package init(
    scored: Set<String>? = nil, filters: [String: Filter] = [:],
    language: @escaping @Sendable (Tweet) -> String? = { $0.lang }
  ) {
    self.language = language
    self.scored = scored
    self.filters = filters
  }

  /// True when the model reads the language. An unknown one is read.
  package func scores(_ language: String?) -> Bool {
    guard let language, let scored else { return true }
    return scored.contains(language)
  }

  /// True when tweets of the source in the language are counted.
  package func keeps(_ language: String?, of source: String) -> Bool {
    filters[source]?.keeps(language) ?? true
  }
}
