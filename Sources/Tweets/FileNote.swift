/// How far an input file is read, the word of `elmond query files`.
package enum FileState: String, Sendable, Equatable, CaseIterable {
  /// It is being read, or more may follow.
  case reading
  /// It was read to its end.
  case finished
  /// Its last record, or the rest of its compressed stream, is still to come.
  case partial
  /// Its content is not tweets.
  case refused
  /// It was left out because of its name or kind.
  case unread
  /// Reading stopped at an error.
  case failed
}

/// What the bytes of an input file turned out to be; a word is empty while it is not known.
package struct FileFacts: Sendable, Equatable {
  /// The format: `json`, `csv` or `text`.
  package var format: String
  /// The encoding, such as `utf-8`.
  package var encoding: String
  /// What the file is packed with, such as `plain`, `gzip` or `zip`.
  package var container: String

  /// Facts from their parts.
  package init(format: String = "", encoding: String = "", container: String = "") {
    self.format = format
    self.encoding = encoding
    self.container = container
  }
}

/// What a source tells about a file beside its records.
package struct FileNote: Sendable, Equatable {
  /// The file; a member of an archive is written `archive.zip!member`.
  package var path: String
  /// What became of it.
  package var state: FileState
  /// What its bytes turned out to be.
  package var facts: FileFacts
  /// Why it is in that state; empty where the state says all.
  package var reason: String
  /// What the operator can do; empty where there is nothing to do.
  package var remedy: String
  /// The position that moves in the transaction of the note; nil: none moves.
  package var position: FilePosition?
  /// True for the first note of this kind about the file: it is counted.
  package var isFirst: Bool
  /// True when the source has nothing else to read, so that the run has failed.
  package var isFailure: Bool

  /// A note from its parts.
  package init(
    path: String, state: FileState, facts: FileFacts = FileFacts(), reason: String = "",
    remedy: String = "", position: FilePosition? = nil, isFirst: Bool = true,
    isFailure: Bool = false
  ) {
    self.path = path
    self.state = state
    self.facts = facts
    self.reason = reason
    self.remedy = remedy
    self.position = position
    self.isFirst = isFirst
    self.isFailure = isFailure
  }
}
