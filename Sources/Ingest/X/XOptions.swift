/// Which stream of X is read, and how.
package struct XOptions: Sendable {
  /// The streams of X API v2.
  package enum Stream: String, Sendable, CaseIterable {
    /// Posts that match the account's rules.
    case filtered
    /// One in a hundred.
    case sample
    /// One in ten, in two partitions.
    case sample10
    /// All, in twenty partitions.
    case firehose

    /// The path of the address.
    var path: String {
      switch self {
      case .filtered: "/2/tweets/search/stream"
      case .sample: "/2/tweets/sample/stream"
      case .sample10: "/2/tweets/sample10/stream"
      case .firehose: "/2/tweets/firehose/stream"
      }
    }

    /// How many partitions it comes in; 1: it is not cut.
    package var partitions: Int {
      switch self {
      case .filtered, .sample: 1
      case .sample10: 2
      case .firehose: 20
      }
    }
  }

  /// How posts are fetched that a break made us miss.
  package enum Recovery: String, Sendable, CaseIterable {
    /// They are not.
    case none
    /// By the stream itself (enterprise accounts): the last minutes, and up to a day back by start and end.
    case backfill
    /// By recent search with the rules of the stream.
    case search
  }

  /// The stream.
  package var stream: Stream
  /// The partition of a stream that is cut, from 1.
  package var partition: Int?
  /// `https://api.x.com`.
  package var base: String
  /// Where the app's bearer token lies.
  package var token: SecretFile
  /// How gaps are filled.
  package var recovery: Recovery
  /// What may be spent; nil: no limit.
  package var budget: PostBudget?

  /// Options from their parts.
  package init(
    stream: Stream = .filtered, partition: Int? = nil, base: String = "https://api.x.com",
    token: SecretFile, recovery: Recovery = .none, budget: PostBudget? = nil
  ) {
    self.stream = stream
    self.partition = partition
    self.base = base
    self.token = token
    self.recovery = recovery
    self.budget = budget
  }

  /// The address of the stream, without a query.
  var url: String { base + stream.path }

  /// What makes posts come whole: long forms, retweeted originals, times, edits.
  static let fields = [
    (
      "tweet.fields",
      "created_at,lang,author_id,edit_history_tweet_ids,note_tweet,referenced_tweets"
    ),
    ("expansions", "referenced_tweets.id"),
  ]

  /// The request of a connection, with the token as it is now.
  func request(_ more: [(String, String)] = []) throws(IngestError) -> HTTPRequest {
    HTTPRequest(url: URLText.url(url, query(more)), token: try token.read())
  }

  /// The query of a connection; the recovery parameters come behind.
  func query(_ more: [(String, String)] = []) -> [(String, String)] {
    XOptions.fields + (partition.map { [("partition", "\($0)")] } ?? []) + more
  }
}
