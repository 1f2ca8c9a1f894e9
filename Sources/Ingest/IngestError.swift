/// Why an input could not be opened or read on.
package struct IngestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, for the exit code and for deciding whether to try again.
  package enum Kind: Int, Sendable, Equatable {
    /// There is no such file or folder.
    case missing
    /// We may not read it.
    case permission
    /// It is of a kind that is not read: a link, a folder, a pipe.
    case refused
    /// Its content is of a kind that holds no tweets.
    case foreign
    /// It is one of many files, and not one of tweets.
    case unread
    /// Reading failed.
    case unreadable
    /// The compressed stream is damaged.
    case corrupt
    /// The compressed stream ends in the middle.
    case truncated
    /// Decompression would give more than is allowed.
    case tooLarge
  }

  /// What went wrong.
  package var kind: Kind
  /// What was tried, such as `open` or `decompress`.
  package var operation: String
  /// The file, with its codec and compressed offset where that helps.
  package var subject: String
  /// Why it failed.
  package var cause: String
  /// What the operator can do.
  package var remedy: String

  /// `cannot open tweets.jsonl: no such file; …`.
  package var description: String { "cannot \(operation) \(subject): \(cause); \(remedy)" }
}
