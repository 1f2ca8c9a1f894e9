/// Why a text has no label, under the name of the counter.
package enum NoLabel: String, Sendable, Hashable, CaseIterable {
  /// Cleaning left no word of the text.
  case noWords = "no_words"
  /// The text is in a language that the model does not know.
  case otherLanguage = "other_language"
}
