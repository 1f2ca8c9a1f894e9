package import Ingest
package import TweetText
private import Language

extension Settings {
  /// One table `[[source]]`.
  package struct Source: Sendable, Equatable {
    /// Its name, `[a-z0-9_-]{1,64}`, the word in aggregates, log and report.
    package var name: String
    /// Where the records come from.
    package var kind: SourceKind
    /// How the bytes are read.
    package var format = InputFormat.auto
    /// How characters are written; nil where the bytes are to tell.
    package var encoding: TextEncoding?
    /// Whether tables have a heading; nil where the bytes are to tell.
    package var header: Bool?
    /// Columns of CSV input by name or number; nil where the usual names are looked for.
    package var columns = Columns()
    /// How the times of its records are read.
    package var times = TimeReader()
    /// Members of JSON in files and standard input; a live source of kind http has its own.
    package var fields = Fields()
    /// Where a live source's token lies; nil: the service manager's credential of the source's name, if there is one.
    package var tokenFile: String?
    /// Certificate authorities of a live source in place of the system's.
    package var authorities: String?
    /// Records and bytes that wait for the classifier at a live source, before some are dropped.
    package var backlog = Backlog()
    /// Whether tags of rules that come with the tweets are topics; nil: for x only, whose rules are the operator's own.
    package var tags: Bool?
    /// The only languages that are counted, as codes such as `en`; nil: all.
    package var languages: [String]?
    /// Languages that are not counted.
    package var droppedLanguages: [String] = []
    /// Longest record in bytes, 1 KiB … 64 MiB; a longer one is skipped and counted.
    package var maxLine = 1 << 20

    /// A source with the defaults of the settings file.
    package init(
      name: String, kind: SourceKind, format: InputFormat = .auto, columns: Columns = Columns(),
      maxLine: Int = 1 << 20
    ) {
      self.name = name
      self.kind = kind
      self.format = format
      self.columns = columns
      self.maxLine = maxLine
    }

    /// True when tags of rules that come with the tweets are topics.
    package var countsTags: Bool {
      if let tags { return tags }
      if case .x = kind { return true }
      return false
    }
  }

  /// A language of the settings in the form that tweets get, `und` for an unknown one; nil for a word that is no language.
  package static func language(_ word: String) -> String? {
    word == LanguageTag.unknown ? word : LanguageTag.language(of: word)
  }

  /// Where a source's records come from.
  package enum SourceKind: Sendable, Equatable {
    /// One file, absolute; `follow`: waits for more and survives rotation, like `tail -F`.
    case file(path: String, follow: Bool)
    /// Every file of a directory, absolute; one is read once it was unchanged for `settle`. `recursive`: those of
    /// the folders in it too.
    case directory(path: String, settle: Duration, recursive: Bool = true)
    /// Standard input, to its end.
    case stdin
    /// An archive at the pace at which it was written; `elmond replay` makes it, no settings file does.
    case replay(path: String, speed: ReplaySpeed)
    /// A stream of X API v2.
    case x(X)
    /// A public stream of a Mastodon server.
    case mastodon(server: String, stream: MastodonOptions.Stream)
    /// The posts of Bluesky.
    case jetstream(JetstreamOptions)
    /// An endpoint that sends a JSON document a line; `idle`: the longest that it may be silent.
    case http(url: String, fields: Fields, idle: Duration)

    /// True for a stream that goes on for ever.
    package var isLive: Bool {
      switch self {
      case .file, .directory, .stdin, .replay: false
      case .x, .mastodon, .jetstream, .http: true
      }
    }

    /// The servers of a live source.
    package var servers: [String] {
      switch self {
      case .file, .directory, .stdin, .replay: []
      case .x(let x): [x.url]
      case .mastodon(let server, _): [server]
      case .jetstream(let jetstream): jetstream.servers
      case .http(let url, _, _): [String(url.prefix { $0 != "?" })]
      }
    }

    /// The host of a live source, empty for other kinds.
    package var host: String { servers.first.flatMap(URLText.host) ?? "" }

    /// The word of the settings file and of log and report.
    package var name: String {
      switch self {
      case .file: "file"
      case .directory: "directory"
      case .stdin: "stdin"
      case .replay: "replay"
      case .x: "x"
      case .mastodon: "mastodon"
      case .jetstream: "jetstream"
      case .http: "http"
      }
    }

    /// The words of the settings file.
    package static let names = ["file", "directory", "stdin", "x", "mastodon", "jetstream", "http"]
  }

  /// What is read of X.
  package struct X: Sendable, Equatable {
    /// The stream.
    package var stream = XOptions.Stream.filtered
    /// The partition of a stream that is cut, from 1.
    package var partition: Int?
    /// The server, without a path.
    package var url = "https://api.x.com"
    /// How posts are fetched that a break made us miss.
    package var recover = XOptions.Recovery.none
    /// Posts of a UTC day at most.
    package var postsPerDay: Int64?
    /// Posts of a UTC month at most.
    package var postsPerMonth: Int64?
    /// The rules that `elmond rules` keeps at X.
    package var rules: [XRule] = []

    /// The filtered stream, without rules and without a limit.
    package init() {}
  }

  /// What may wait for the classifier at a live source.
  package struct Backlog: Sendable, Equatable {
    /// Records at most.
    package var records = 8192
    /// Their bytes at most.
    package var bytes = 32 << 20
    /// For how long the source may be read more slowly than it gives, before posts are dropped.
    package var patience: Duration = .seconds(5)

    /// The defaults.
    package init() {}
  }

  /// Where the parts of a tweet lie in the documents of an endpoint: dotted paths.
  package struct Fields: Sendable, Equatable {
    /// The text; nil: documents have one of the shapes that are known.
    package var text: String?
    /// The id.
    package var id: String?
    /// When it was written.
    package var time: String?
    /// Its language.
    package var lang: String?

    /// No field is named.
    package init() {}
  }

  /// How a source's bytes are read.
  package enum InputFormat: String, Sendable, CaseIterable {
    case auto, text, jsonl, csv, tsv
  }

  /// The columns of CSV input by name, or by number from 1.
  package struct Columns: Sendable, Equatable {
    /// The tweet's text.
    package var text: String?
    /// The tweet's id.
    package var id: String?
    /// When it was written: one column, or several whose texts are joined by blanks.
    package var time: [String] = []
    /// Its language.
    package var lang: String?

    /// No column is named: the usual names are looked for.
    package init() {}
  }
}
