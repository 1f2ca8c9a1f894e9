/// The decompressed bytes of an open file or of standard input, as they come.
package struct DecompressingReader: ~Copyable, Sendable {
  private static let inputSize = 64 << 10

  /// The path, for messages.
  package let path: String
  /// The compression; nil until the first bytes told.
  package private(set) var codec: Codec?
  /// Decompressed bytes handed out.
  package private(set) var produced: Int64 = 0
  /// Compressed bytes used up.
  package private(set) var consumed: Int64 = 0

  let source: ByteSource
  private let limits: DecompressionLimits
  private var decoder: StreamDecoder?
  private var input: [UInt8]
  private var inputStart = 0
  private var inputEnd = 0
  private var decoderMayHold = false
  private var isBetweenMembers = true
  private var failure: IngestError?

  init(_ source: consuming ByteSource, path: String, limits: DecompressionLimits) {
    self.source = source
    self.path = path
    self.limits = limits
    input = [UInt8](repeating: 0, count: DecompressingReader.inputSize)
  }

  /// Reads what is there into `output`, at most its length; 0 when there is nothing more for now.
  package mutating func read(into output: inout [UInt8]) throws(IngestError) -> Int {
    if let failure { throw failure }
    if codec == nil {
      guard try detectCodec() else { return 0 }
    }
    let count =
      codec == .plain ? try readPlain(into: &output) : try readCompressed(into: &output)
    produced += Int64(count)
    return count
  }

  /// True when what was read so far is no complete compressed stream.
  package var isInsideMember: Bool {
    codec != nil && codec != .plain && !isBetweenMembers
  }

  /// True when bytes can be had without reading from the source.
  var holdsUnreadBytes: Bool { inputStart < inputEnd || decoderMayHold }

  /// Notes that nothing more will come; an error when the compressed stream ends in the middle.
  package func finish() throws(IngestError) {
    if let failure { throw failure }
    guard isInsideMember else { return }
    throw error(.truncated, "it ends in the middle", "get the rest of the file")
  }

  /// What the system knows of the file; nil for the member of an archive.
  func status() throws(IngestError) -> FileStatus? { try source.status(of: path) }

  /// Goes to a decompressed offset of a plain file, of which nothing is buffered.
  mutating func seekPlain(to offset: Int64) throws(IngestError) {
    try source.seek(to: offset, path: path)
    inputStart = 0
    inputEnd = 0
    produced = offset
    consumed = offset
  }

  // MARK: Reading

  /// Reads until the first bytes tell the codec; a short file that stays short is plain.
  private mutating func detectCodec() throws(IngestError) -> Bool {
    while true {
      let before = inputEnd
      try fillInput()
      let atEnd = inputEnd == before
      guard inputEnd > 0 else { return false }
      // A file that grows may still become a compressed one: one to five bytes are no reason to hurry.
      if let found = Codec.detect(input[..<inputEnd], atEnd: false) {
        codec = found
        if found != .plain { decoder = StreamDecoder(found) }
        return true
      }
      if atEnd { return false }
    }
  }

  /// Settles a file that ended before its codec was clear; true when bytes are to be read now.
  mutating func settleCodec() -> Bool {
    guard codec == nil, inputEnd > 0 else { return false }
    codec = .plain
    return true
  }

  private mutating func fillInput() throws(IngestError) {
    var count = 0
    var problem: IngestError?
    let start = inputEnd
    unsafe input.withUnsafeMutableBytes { buffer in
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
      do throws(IngestError) {
        count = try unsafe source.read(into: room, path: path)
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    inputEnd += count
  }

  private mutating func readPlain(into output: inout [UInt8]) throws(IngestError) -> Int {
    if inputStart < inputEnd {
      let count = min(output.count, inputEnd - inputStart)
      output.replaceSubrange(0..<count, with: input[inputStart..<inputStart + count])
      inputStart += count
      consumed += Int64(count)
      return count
    }
    var count = 0
    var problem: IngestError?
    unsafe output.withUnsafeMutableBytes { buffer in
      do throws(IngestError) {
        count = try unsafe source.read(into: buffer, path: path)
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    consumed += Int64(count)
    return count
  }

  private mutating func readCompressed(into output: inout [UInt8]) throws(IngestError) -> Int {
    while true {
      if inputStart == inputEnd, !decoderMayHold {
        inputStart = 0
        inputEnd = 0
        try fillInput()
        if inputEnd == 0 { return 0 }
      }
      if isBetweenMembers, !decoderMayHold, !passPadding() { continue }
      let step = decode(into: &output)
      inputStart += step.consumed
      consumed += Int64(step.consumed)
      isBetweenMembers = step.endsMember
      decoderMayHold = step.produced == output.count && !step.endsMember
      note(step)
      if step.produced > 0 { return step.produced }
      if let failure { throw failure }
    }
  }

  /// Passes the zero bytes that may stand between and behind members; false when all is used up.
  private mutating func passPadding() -> Bool {
    while inputStart < inputEnd, input[inputStart] == 0 {
      inputStart += 1
      consumed += 1
    }
    return inputStart < inputEnd
  }

  private mutating func decode(into output: inout [UInt8]) -> DecoderStep {
    let start = inputStart
    let end = inputEnd
    return unsafe input.withUnsafeMutableBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: source[start..<end])
        let step = unsafe decoder?.decode(rest, into: target)
        guard let step else { preconditionFailure("a compressed file has 1 decoder, this one 0") }
        return step
      }
    }
  }

  private mutating func note(_ step: DecoderStep) {
    let total = produced + Int64(step.produced)
    if let reason = step.failure {
      failure = error(
        .corrupt, reason, "check the file with `\(codec == .zstd ? "zstd" : name) -t`")
    } else if total > limits.ratioFloor, total / limits.ratio > consumed {
      failure = error(
        .tooLarge, "it grows more than \(limits.ratio)-fold", "decompress it by hand if it is sound"
      )
    } else if total > limits.total {
      failure = error(
        .tooLarge, "it holds more than \(limits.total) bytes", "raise the limit or split the file")
    }
  }

  private var name: String { codec?.rawValue ?? "plain" }

  private func error(_ kind: IngestError.Kind, _ cause: String, _ remedy: String) -> IngestError {
    IngestError(
      kind: kind, operation: "decompress",
      subject: "\(path) (\(name), compressed offset \(consumed))", cause: cause, remedy: remedy)
  }
}
