package import Tweets

/// Which language a tweet counts under: what its text clearly says, else what its platform says.
package enum TweetLanguage {
  /// The language of a tweet as a code such as `en`; nil where neither text nor platform tells.
  ///
  /// A clear text decides even against the platform, whose tag is often the language of the user's program. Of two languages
  /// that are hard to tell apart in a short text, the platform's is kept.
  package static func language(of tweet: Tweet) -> String? {
    let told = LanguageTag.language(of: tweet.lang)
    guard let read = LanguageDetector.language(of: tweet.text) else { return told }
    if let told, told != read, areClose(told, read) { return told }
    return read
  }

  private static func areClose(_ a: String, _ b: String) -> Bool {
    families.contains { $0.contains(a) && $0.contains(b) }
  }

  private static let families: [Set<String>] = [
    ["da", "no", "sv"], ["id", "jv", "ms", "su"], ["bs", "hr", "sl", "sr"], ["cs", "sk"],
    ["ca", "es", "gl", "pt"], ["be", "bg", "mk", "ru", "sr", "uk"],
    ["ar", "fa", "ku", "ps", "sd", "ug", "ur"],
    ["hi", "mr", "ne", "sa"], ["ja", "zh"], ["af", "nl"], ["he", "yi"], ["am", "ti"], ["as", "bn"],
  ]
}
