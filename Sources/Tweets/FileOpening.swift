/// The records of the first block of a file, which tell how the dates of the whole file are to be read.
///
/// The block is the same after a restart, so that a file is read in one way from its beginning to its end. All
/// batches of one opened file share one opening.
package final class FileOpening: Sendable {
  /// The length of the block in decompressed bytes.
  package static let length = 256 << 10

  /// The records that lie in the block whole, as far as the block was there when the file was opened.
  package let records: [Record]

  /// An opening from its records.
  package init(records: [Record]) { self.records = records }
}
