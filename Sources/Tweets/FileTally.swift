/// What a batch adds to the row of one file in `elmond query files`.
package struct FileTally: Sendable, Equatable {
  /// The source's name.
  package var source: String
  /// The file; a member of an archive is written `archive.zip!member`.
  package var path: String
  /// How far it is read with this batch.
  package var state = FileState.reading
  /// What its bytes turned out to be.
  package var facts = FileFacts()
  /// Why it is in that state; empty where the state says all.
  package var reason = ""
  /// True when the batch holds the file's first record: what was counted under its path before is of another file.
  package var startsAnew = false
  /// Records that were read.
  package var records: Int64 = 0
  /// Tweets that were counted.
  package var tweets: Int64 = 0
  /// Records or page elements that gave no tweet although they should have.
  package var undecodable: Int64 = 0
  /// Tweets whose time was not understood.
  package var untimed: Int64 = 0
  /// The earliest event time of the counted tweets.
  package var first: Timestamp?
  /// The latest event time of the counted tweets.
  package var last: Timestamp?

  /// A tally that adds nothing yet.
  package init(source: String, path: String) {
    self.source = source
    self.path = path
  }

  /// Counts one tweet and its event time.
  package mutating func count(tweetAt time: Timestamp?) {
    tweets += 1
    guard let time else { return }
    first = min(first ?? time, time)
    last = max(last ?? time, time)
  }
}
