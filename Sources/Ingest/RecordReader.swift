package import Tweets

/// The records of one file or of standard input, pulled one by one: what a command reads.
///
/// A file named on the command line may be a link, a pipe or a device. Lines of a pipe come as they are
/// written.
package struct RecordReader: ~Copyable, Sendable {
  /// The path, `-` for standard input.
  package let path: String
  private var reader: FileReader
  private var atHand: Record?

  /// Opens the file at `path`; `-` is standard input.
  package init(path: String, options: IngestOptions = IngestOptions()) throws(IngestError) {
    self.path = path
    guard path == "-" else {
      reader = try FileReader(path: path, options: options, admitting: .anything)
      return
    }
    let descriptor = FileDescriptor.standardInput
    let status = try descriptor.status(of: "standard input")
    reader = FileReader(descriptor, path: "standard input", status: status, options: options)
  }

  /// The beginning of the file, from the first record on.
  package var opening: FileOpening? { reader.opening }

  /// The next record; nil at the end. What stands before a damage is handed out before it is thrown.
  package mutating func next() throws(IngestError) -> Record? {
    if let record = atHand.take() { return record }
    return try reader.nextRecord(end: .final)
  }

  /// What there is to tell of the members of an archive that were left out, once each.
  package mutating func takeNotes() -> [FileNote] {
    reader.takeNotes().compactMap { event in
      if case .file(let note) = event, note.state != .finished { note } else { nil }
    }
  }

  /// How many bytes were replaced since this was asked last, and what encoding the input was read as.
  package mutating func replaced() -> (bytes: Int, encoding: String)? {
    guard case .replaced(_, let bytes, let encoding, _)? = reader.replacement() else { return nil }
    return (bytes, encoding)
  }

  /// True when the next record can be had without waiting for somebody to write it.
  ///
  /// A filter in a pipe answers what it has before it waits.
  package mutating func isReady() -> Bool {
    if reader.opened.isRegular || atHand != nil { return true }
    atHand = reader.recordAtHand()
    return atHand != nil
  }
}
