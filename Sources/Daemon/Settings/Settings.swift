package import Classifier
package import ELMo

/// What the settings file says, with every default filled in.
///
/// Equal values mean that a reload changes nothing.
package struct Settings: Sendable, Equatable {
  /// The absolute path of the file that was read; nil for the built-in defaults.
  package var file: String?
  /// The classifier's model.
  package var model = Model()
  /// How tweets are gathered for the model.
  package var batch = Batch()
  /// Where tweets come from, in file order, names unique.
  package var sources: [Source] = []
  /// What is counted apart, in file order, names unique.
  package var topics: [Topic] = []
  /// Where the aggregates are kept.
  package var store = Store()
  /// The status report file.
  package var report = Report()
  /// What is logged.
  package var log = Log()

  /// The built-in defaults: no source, no topic.
  package init() {}
}

extension Settings {
  /// The section `[model]`.
  package struct Model: Sendable, Equatable {
    /// The bundle's directory, absolute; nil: found by the model search order.
    package var path: String?
    /// Scores inside this range, both ends included, count as `neutral`; nil: as the bundle says.
    package var neutralBand: ClosedRange<Double>?
    /// What makes the label out of the probabilities.
    package var decision = Decision.largest
    /// True: tweets in every language are scored, whatever the bundle was trained on.
    package var anyLanguage = false
    /// Tokens of a tweet that are read, 1 … 1024; nil: as the bundle says.
    package var maxTokens: Int?
    /// What the network's products are computed in; nil: as the bundle says.
    package var engine: Engine?
  }

  /// The section `[batch]`.
  package struct Batch: Sendable, Equatable {
    /// Tweets in a micro-batch, 1 … 4096.
    package var maxTweets = 64
    /// The longest that a tweet waits for company, 1 ms … 60 s.
    package var maxWait: Duration = .milliseconds(200)
  }

  /// One table `[[topic]]`.
  package struct Topic: Sendable, Equatable {
    /// Its name, `[a-z0-9_-]{1,64}`, never `all`.
    package var name: String
    /// Words, `#tags`, `@names` and phrases as written, at least one, none blank.
    package var match: [String]

    /// A topic from its parts.
    package init(name: String, match: [String]) {
      self.name = name
      self.match = match
    }
  }

  /// The section `[store]`.
  package struct Store: Sendable, Equatable {
    /// The database file, absolute.
    package var database = "/var/lib/elmond/elmond.db"
    /// How long minute buckets are kept; nil: for ever.
    package var retainMinutes: Duration? = .seconds(14 * 86_400)
    /// How long hour buckets are kept; nil: for ever.
    package var retainHours: Duration?
    /// How long the key of a tweet is remembered after its last arrival; nil: for ever.
    package var dedupHorizon: Duration? = .seconds(25 * 3600)
    /// What SQLite waits for at each commit.
    package var synchronous = Synchronous.normal
  }

  /// SQLite's `synchronous` setting.
  package enum Synchronous: String, Sendable, CaseIterable {
    /// A power cut may take the last commits, whose records are then read again.
    case normal
    /// Every commit is on the disk.
    case full
  }

  /// The section `[report]`.
  package struct Report: Sendable, Equatable {
    /// The status report's file, absolute.
    package var path = "/var/lib/elmond/status.txt"
    /// How often it is written, 1 s … 1 h.
    package var every: Duration = .seconds(10)
  }

  /// The section `[log]`.
  package struct Log: Sendable, Equatable {
    /// Which tweets get a line.
    package var tweets = TweetLogMode.sample
    /// The share of tweets that the mode `sample` logs, above 0 and at most 1.
    package var sampleRate = 0.01
    /// The least grave level that is logged.
    package var level = LogLevel.info
  }
}
