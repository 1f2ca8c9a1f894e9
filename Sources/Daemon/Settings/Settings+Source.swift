extension Settings {
  /// One table `[[source]]`.
  package struct Source: Sendable, Equatable {
    /// Its name, `[a-z0-9_-]{1,64}`, the word in aggregates, log and report.
    package var name: String
    /// Where the records come from.
    package var kind: SourceKind
    /// How the bytes are read.
    package var format = InputFormat.auto
    /// Column names of CSV input; nil where the usual names are looked for.
    package var columns = Columns()
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
  }

  /// Where a source's records come from.
  package enum SourceKind: Sendable, Equatable {
    /// One file, absolute; `follow`: waits for more and survives rotation, like `tail -F`.
    case file(path: String, follow: Bool)
    /// Every file of a directory, absolute; one is read once it was unchanged for `settle`.
    case directory(path: String, settle: Duration)
    /// Standard input, to its end.
    case stdin

    /// The word of the settings file and of log and report.
    package var name: String {
      switch self {
      case .file: "file"
      case .directory: "directory"
      case .stdin: "stdin"
      }
    }

    /// The words that this version knows.
    package static let names = ["file", "directory", "stdin"]
    /// The words that are reserved for a later version.
    package static let laterNames = ["x", "http", "mastodon", "jetstream"]
  }

  /// How a source's bytes are read.
  package enum InputFormat: String, Sendable, CaseIterable {
    case auto, text, jsonl, csv
  }

  /// The columns of CSV input by name.
  package struct Columns: Sendable, Equatable {
    /// The tweet's text.
    package var text: String?
    /// The tweet's id.
    package var id: String?
    /// When it was written.
    package var time: String?
    /// Its language.
    package var lang: String?

    /// No column is named: the usual names are looked for.
    package init() {}
  }
}
