import Tweets

extension FileReader {
  /// The records of the first block: the first record, if it is framed already, and those that wait in the framer.
  ///
  /// The framer is a copy and gives nothing away. A block that is cut gives the records that are whole.
  static func opening(first: Record? = nil, rest framer: RecordFramer, atEnd: Bool) -> FileOpening {
    var framer = framer
    var records = first.map { [$0] } ?? []
    while let record = framer.next(atEnd: atEnd), record.end <= FileOpening.length {
      if record.fault == nil { records.append(record) }
    }
    return FileOpening(records: records)
  }
}
