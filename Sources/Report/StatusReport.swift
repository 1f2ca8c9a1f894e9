package import Aggregates
package import Tweets

/// Everything the status report tells; a value, so that it prints the same wherever it is made.
package struct StatusReport: Sendable, Equatable {
  /// The version of elmond.
  package var version: String
  /// When the daemon started; nil when the report is made from a database alone.
  package var started: Timestamp?
  /// The moment of the report.
  package var now: Timestamp
  /// How often the daemon writes its report, in seconds; nil when the report is made from a database alone.
  package var interval: Double?
  /// Why the daemon stopped; nil while it runs.
  package var stopped: String?
  /// The sources in the order of the settings.
  package var sources: [Source] = []
  /// The topics, `all` first.
  package var topics: [TopicFigures] = []
  /// The start of the minute with which the rolling windows end; nil before the first tweet.
  package var newestBucket: Timestamp?
  /// The hour of the oldest bucket; nil before the first tweet.
  package var oldestHour: Timestamp?
  /// How many tweets the aggregates hold; nil where they were not summed up.
  package var counted: Int64?
  /// All counters.
  package var counters: [CounterKey: Int64] = [:]
  /// The newest gaps, oldest first.
  package var gaps: [Gap] = []
  /// How many gaps there are in all.
  package var gapCount: Int64 = 0
  /// The model; nil when the report is made from a database alone.
  package var model: Model?
  /// The database.
  package var database: Database?

  /// A report that tells nothing but its moment.
  package init(version: String, started: Timestamp?, now: Timestamp) {
    self.version = version
    self.started = started
    self.now = now
  }

  /// What is told of a source.
  package struct Source: Sendable, Equatable {
    /// The source's name.
    package var name: String
    /// `file`, `directory`, `stdin`, …
    package var kind: String
    /// `reading`, `waiting`, `following`, `finished`, `paused`, `failed`, …
    package var state: String
    /// Why a live source is not reading; nil when it is, or there is nothing to say.
    package var detail: String?
    /// Tweets a second over the last minute; nil when unknown.
    package var rate: Double?
    /// How long what was read waits, or has waited last, until it is stored, in seconds; nil when unknown.
    package var delay: Double?
    /// The age of the newest stored tweet, in seconds; nil when unknown or without meaning.
    package var newestAge: Double?
    /// The counter `tweets` of the source.
    package var tweets: Int64

    /// A source from its parts.
    package init(
      name: String, kind: String, state: String, rate: Double? = nil, detail: String? = nil,
      delay: Double? = nil, newestAge: Double? = nil, tweets: Int64
    ) {
      self.name = name
      self.kind = kind
      self.state = state
      self.rate = rate
      self.detail = detail
      self.delay = delay
      self.newestAge = newestAge
      self.tweets = tweets
    }
  }

  /// What is told of the model and its work.
  package struct Model: Sendable, Equatable {
    /// The bundle's name.
    package var name: String
    /// What its products are computed in, and the processor's path; nil when nobody says.
    package var engine: String?
    /// Decoded tweets a batch, on average; nil before the first.
    package var batchMean: Double?
    /// Seconds from a tweet's arrival to its commit: the 50th, 95th and 99th percentile.
    package var latency: [Double]
    /// Share of tokens found in the cache; nil before the first.
    package var tokenCacheRate: Double?
    /// Share of texts whose answer was remembered; nil before the first.
    package var textCacheRate: Double?
    /// What is wrong with its files; nil when nothing is known.
    package var trouble: String?

    /// A model's state from its parts.
    package init(
      name: String, engine: String? = nil, batchMean: Double? = nil, latency: [Double] = [],
      tokenCacheRate: Double? = nil, textCacheRate: Double? = nil
    ) {
      self.name = name
      self.engine = engine
      self.batchMean = batchMean
      self.latency = latency
      self.tokenCacheRate = tokenCacheRate
      self.textCacheRate = textCacheRate
    }
  }

  /// What is told of the database.
  package struct Database: Sendable, Equatable {
    /// Where it is.
    package var path: String
    /// The size of the database with everything that is committed, in bytes.
    package var bytes: Int64
    /// The size of the file of its write-ahead log, in bytes.
    package var walBytes: Int64
    /// When the last batch was stored; nil before the first.
    package var lastCommit: Timestamp?
    /// What is wrong, such as a full device; nil when all is well.
    package var trouble: String?

    /// A database's state from its parts.
    package init(
      path: String, bytes: Int64, walBytes: Int64, lastCommit: Timestamp? = nil,
      trouble: String? = nil
    ) {
      self.path = path
      self.bytes = bytes
      self.walBytes = walBytes
      self.lastCommit = lastCommit
      self.trouble = trouble
    }
  }
}
