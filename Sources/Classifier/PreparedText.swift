package import ELMo
package import TweetText

/// A text as the model reads it.
package struct PreparedText: Sendable, Equatable {
  /// The cleaned text.
  package let clean: String
  /// Its tokens, at most the model's cap.
  package let tokens: [ELMoToken]
  /// True when the text had more tokens than the cap.
  package let truncated: Bool

  /// Cleans and splits a text, and cuts it at `maxTokens` tokens.
  package init(_ text: String, cleaning: CleaningProfile, maxTokens: Int) {
    clean = cleaning.clean(text)
    let tokens = ELMoToken.splitOnSpaces(clean)
    truncated = tokens.count > maxTokens
    self.tokens = truncated ? Array(tokens[..<maxTokens]) : tokens
  }
}
