/// How a tweet's text is made ready for the model; the bundle names its profile.
package enum CleaningProfile: String, Sendable, CaseIterable {
  /// The article's cleaning: lower case, words only.
  case article
  /// Words, punctuation, emoticons and emoji as tokens of their own, case kept.
  case tweet
  /// `article` with e-mail addresses masked, and `won't`, `shan't`, `ain't` as words.
  case article2 = "article-2"
  /// `tweet` with e-mail addresses masked, and `won't`, `shan't`, `ain't`, `can't` as words.
  case tweet2 = "tweet-2"

  /// The clean text: tokens with single blanks between them, empty when nothing is left.
  ///
  /// Time and memory grow linearly with the text. Cleaning a clean text changes nothing.
  package func clean(_ text: String) -> String {
    switch self {
    case .article:
      var cleaner = ArticleCleaner()
      return cleaner.clean(text)
    case .tweet:
      var cleaner = TweetCleaner()
      return cleaner.clean(text)
    case .article2:
      var cleaner = ArticleCleaner(rewriter: TextRewriter(rewritesCannot: false))
      return cleaner.clean(text)
    case .tweet2:
      var cleaner = TweetCleaner(rewriter: TextRewriter(rewritesCannot: true))
      return cleaner.clean(text)
    }
  }
}
