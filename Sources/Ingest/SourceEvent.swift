package import Tweets

/// What one pull of a source brings.
package enum SourceEvent: Sendable {
  /// Records of one file.
  case batch(SourceBatch)
  /// Nothing now; ask again a little later.
  case idle
  /// Nothing came although the source itself has waited for it; ask again at once.
  case quiet
  /// Something happened that is counted under this name.
  case counted(String, Int)
  /// So many bytes of this file were no characters and were replaced; `isFirst`: nothing was said of the file yet.
  case replaced(path: String, bytes: Int, encoding: String, isFirst: Bool)
  /// The source is at its end; do not ask again.
  case finished
  /// What the source is doing now: `reading`, `waiting`, `rotated`, `truncated`, and of what.
  case state(String, detail: String)
  /// Something was missed.
  case gap(Gap)
  /// This file was read to its end; to be committed after the batches before it.
  case fileFinished(FilePosition)
  /// What became of a file, in order with the batches.
  case file(FileNote)
  /// Files of a folder were left unread: how many, and the first of them with the reasons.
  case unread(count: Int, names: String)
  /// This file is gone or done with; its position is no longer needed.
  case fileForgotten(FilePosition)
  /// This file cannot be read further; what was read before counts.
  case fault(path: String, reason: String)
}
