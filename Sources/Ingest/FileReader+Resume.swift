import Tweets

/// Whether a file is the one that a position was taken in.
enum Resumption: Sendable, Equatable {
  /// It is, and reading goes on at the position.
  case resumed
  /// It begins in another way.
  case other
  /// What is there may be the beginning of it, but ends before the position.
  case short
}

/// Going on at a stored position.
extension FileReader {
  /// Goes to a stored position, if this is the file that it was taken in.
  ///
  /// What the file is (its framing, a CSV header) stands at its beginning, which is read again for it.
  mutating func resume(at position: FilePosition) throws(IngestError) -> Resumption {
    precondition(offset == 0, "only a file at its beginning can be resumed, this is at \(offset)")
    while Int64(held.count) < max(position.fingerprintLength, 1) {
      guard let count = try readBeginning(isEnough: held.count, for: position) else { break }
      held.append(contentsOf: chunk[..<count])
    }
    guard let value = fingerprint.value(length: position.fingerprintLength) else { return .short }
    guard value == position.fingerprint else { return .other }
    wasRefused = position.isRefused && position.memberNumber == 0
    if position.memberNumber > 0 || ContentKind.detect(held[...], isWhole: true)?.isArchive == true
    {
      guard try isArchive() else { return .other }
      return try enterMember(of: position)
    }
    let beginning = held
    held = []
    return try goTo(position, behind: beginning)
  }

  /// Goes to the position's offset in the file or member, of which `read` are the first bytes.
  mutating func goTo(
    _ position: FilePosition, behind read: [UInt8]
  ) throws(IngestError) -> Resumption {
    guard position.offset > 0 else {
      held = read
      itemsDone = position.itemsDone
      return .resumed
    }
    var beginning = read
    let blockSize = position.sniffed > 0 ? Int(position.sniffed) : FormatDetector.blockSize
    var isShort = false
    while beginning.count < blockSize {
      guard let count = try readBeginning(isEnough: beginning.count, for: position) else {
        isShort = true
        break
      }
      beginning.append(contentsOf: chunk[..<count])
    }
    offset = position.offset
    line = position.line
    itemsDone = position.itemsDone
    kind = .text
    let length =
      position.sniffed > 0
      ? blockSize
      : Sniff.length(of: beginning[...], isWhole: isShort, given: options.encoding)
        ?? beginning.count
    let found = Sniff(beginning.prefix(length), options: options, path: nameForFormat)
    opening = opening(ofBeginning: beginning, found, isWhole: isShort)
    start(found, length: length)
    if !transcoder.keepsOffsets {
      return try skipConverted(beginning, isShort: isShort) ? .resumed : .short
    }
    if Int64(beginning.count) >= offset {
      feed(beginning[Int(offset)...])
      return .resumed
    }
    guard !isShort else { return .short }
    return try skip(to: offset, from: Int64(beginning.count)) ? .resumed : .short
  }

  /// The records of the first block, framed and converted as at the first reading.
  private func opening(
    ofBeginning beginning: [UInt8], _ found: Sniff, isWhole: Bool
  ) -> FileOpening {
    var probe = RecordFramer(framing: found.framing, limits: options.frame, startingAt: 0, line: 0)
    if var transcoder = Transcoder(found.coding), !transcoder.keepsOffsets {
      probe.append(transcoder.convert(beginning[...])[...])
    } else {
      probe.append(beginning[...])
    }
    return FileReader.opening(rest: probe, atEnd: isWhole)
  }

  /// Goes to the offset in the text that the bytes become.
  private mutating func skipConverted(
    _ beginning: [UInt8], isShort: Bool
  ) throws(IngestError) -> Bool {
    var text = transcoder.convert(beginning[...])
    var here: Int64 = 0
    while here + Int64(text.count) < offset {
      here += Int64(text.count)
      guard !isShort, let count = try readSkipping() else { return false }
      text = transcoder.convert(chunk[..<count])
    }
    framer.append(text[Int(offset - here)...])
    return true
  }

  /// Reads more of the beginning; damage behind what the position needs is told by the next batch.
  private mutating func readBeginning(
    isEnough count: Int, for position: FilePosition
  ) throws(IngestError) -> Int? {
    do throws(IngestError) {
      return try readSkipping()
    } catch {
      guard Int64(count) >= max(position.offset, position.fingerprintLength) else { throw error }
      return nil
    }
  }

  /// Reads a chunk for which the framer has no use; nil when there is nothing for now.
  mutating func readSkipping() throws(IngestError) -> Int? {
    var count = try stream.read(into: &chunk)
    if count == 0, stream.settleCodec() { count = try stream.read(into: &chunk) }
    guard count > 0 else { return nil }
    fingerprint.absorb(chunk[..<count])
    return count
  }

  private mutating func skip(to target: Int64, from here: Int64) throws(IngestError) -> Bool {
    if stream.codec == .plain, opened.isRegular, archive == nil {
      guard try status().size >= target else { return false }
      try stream.seekPlain(to: target)
      return true
    }
    var here = here
    while here < target {
      guard let count = try readSkipping() else { return false }
      let wanted = min(Int64(count), target - here)
      here += Int64(count)
      if Int64(count) > wanted { feed(chunk[Int(wanted)..<count]) }
    }
    return true
  }
}
