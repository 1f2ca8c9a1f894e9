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

  /// Token lines: every line that is not empty is a record as it stands.
  private var lines: LineInput
  /// Tweets in any format, to be cleaned.
  private var tweets: TweetInput
  private let cleaning: CleaningProfile?

  /// Sentences of a file; without a cleaning profile its lines are tokens already.
  init(file: String, options: InputOptions, cleaning: CleaningProfile?) {
    lines = LineInput(file: file, options: options.bytes.ingest(format: .text))
    tweets = TweetInput(files: [file], options: options)
    self.cleaning = cleaning
  }

  /// The next sentence; nil at the end.
  mutating func next() throws -> Sentence? {
    guard let cleaning else {
      return try lines.next().map { Sentence(tokens: ELMoToken.tokenLine($0)) }
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
