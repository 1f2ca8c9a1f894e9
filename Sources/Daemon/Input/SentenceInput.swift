import ELMo
import Ingest
import TweetText
import Tweets

/// The sentences of `embed`, one for each input record, so that record N of the input is N of the output.
struct SentenceInput: ~Copyable {
  /// A record's tokens; none, and the reason, where it could not be decoded.
  struct Sentence {
    var tokens: [ELMoToken]
    var fault: String?
  }

  /// Token rows: every line is a record, also an empty one.
  private var rows: TokenInput
  /// Tweets in any format, to be cleaned.
  private var tweets: TweetInput
  private let cleaning: CleaningProfile?

  /// Sentences of a file; without a cleaning profile its lines are tokens already, of which those in `lengths` count.
  init(file: String, options: InputOptions, lengths: String?, cleaning: CleaningProfile?) {
    let isJSON: Bool? = options.format == .auto ? nil : options.format == .jsonl
    rows = TokenInput(
      file: file, lengths: lengths, isJSON: isJSON, options: options.bytes.ingest(format: .text))
    tweets = TweetInput(files: [file], options: options)
    self.cleaning = cleaning
  }

  /// The next sentence; nil at the end.
  mutating func next() throws -> Sentence? {
    guard let cleaning else {
      return try rows.next().map { Sentence(tokens: $0) }
    }
    switch try tweets.next() {
    case nil: return nil
    case .undecodable(let reason, let line):
      return Sentence(tokens: [], fault: "line \(line): \(reason)")
    case .tweet(let tweet):
      return Sentence(tokens: ELMoToken.splitOnSpaces(cleaning.clean(tweet.text)))
    }
  }
}
