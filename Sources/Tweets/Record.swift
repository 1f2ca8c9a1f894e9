/// What kind of record the bytes are.
package enum RecordFormat: Sendable, Equatable {
  /// One JSON document: a tweet, a notice, or a page of tweets.
  case json
  /// One CSV record after the header; the columns are the header's.
  case csv(CSVHeader)
  /// One tweet as plain text.
  case text
  /// The data of a server-sent event of that name.
  case event(String)
  /// Nothing: an empty line, or what `Record.frame` tells.
  case blank
}

/// Why the bytes of a record could not be framed.
package enum RecordFault: String, Sendable, Equatable {
  /// Longer than the limit; the bytes were skipped.
  case tooLong
  /// The input ended, or the next record began, in the middle.
  case cut
  /// Bytes that belong to no record, such as a caption between JSON documents.
  case stray
  /// A quotation in a CSV record was never closed.
  case openQuote
  /// The bytes are not text: zero bytes or many control characters stand in it.
  case binary
}

/// What stands between the records of an input and is not one.
package enum RecordFrame: Sendable, Equatable {
  /// The lines of a table before its records: the names of its columns, `sep=;`.
  case header
  /// An empty line or a comment by which a live stream shows that it is alive.
  case heartbeat
  /// A line that tells the length of the document behind it.
  case length
  /// Brackets and commas of an array without a document.
  case array
}

/// The bytes of one record of a source, framed but not yet decoded.
package struct Record: Sendable {
  /// The bytes without the line end; empty for a faulty one whose bytes were skipped.
  package var bytes: [UInt8]
  /// How to read the bytes.
  package var format: RecordFormat
  /// The line on which the record begins, from 1, counted in the decompressed input.
  package var line: Int
  /// Offset in the decompressed input of the first byte after the record and its line end.
  package var end: Int64
  /// Set when the record cannot be decoded; it is counted as undecodable.
  package var fault: RecordFault?
  /// Set for a blank that is not data: it moves the position and is not counted as a record.
  package var frame: RecordFrame?

  /// A record from its parts.
  package init(
    bytes: [UInt8], format: RecordFormat, line: Int, end: Int64, fault: RecordFault? = nil,
    frame: RecordFrame? = nil
  ) {
    self.bytes = bytes
    self.format = format
    self.line = line
    self.end = end
    self.fault = fault
    self.frame = frame
  }
}
