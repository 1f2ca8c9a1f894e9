import Tweets

/// What the first bytes of a file tell: how it is written and what it holds.
///
/// It depends on these bytes, the options and the name alone, so that a restart with the same bytes finds the same.
struct Sniff {
  let coding: TextCoding
  let framing: Framing

  /// The judgement of the first bytes, as if the file ended there.
  init(_ block: ArraySlice<UInt8>, options: IngestOptions, path: String) {
    coding = TextCoding.detect(block, isWhole: true, given: options.encoding)
    var text = Array(block)
    if var transcoder = Transcoder(coding), !transcoder.isIdentity {
      text = transcoder.convert(block)
    }
    let hints = options.hints(named: FileReader.lastComponent(of: path))
    let detector = FormatDetector(block: text[...], offset: 0, isWhole: true, hints: hints)
    framing = detector.detect() ?? .mixed
  }

  /// How many of the bytes are looked at: whole lines of the first block; nil while there is nothing to look at.
  static func length(
    of bytes: ArraySlice<UInt8>, isWhole: Bool, given: TextEncoding? = nil
  ) -> Int? {
    let block = bytes.prefix(FormatDetector.blockSize)
    if isWhole, block.count == bytes.count { return block.isEmpty ? nil : block.count }
    let end =
      block.lastIndex(of: 0x0A).map { $0 + 1 }
      ?? block.dropLast().lastIndex(of: 0x0D).map { $0 + 1 }
    guard let end else {
      return block.count == FormatDetector.blockSize ? block.count : nil
    }
    let holdsSomething = block[..<end].contains { $0 > 0x20 && $0 < 0xEF }
    let unit = (given ?? TextEncoding.detect(block, isWhole: false)).unitSize
    let length = (end - block.startIndex + unit - 1) / unit * unit
    return holdsSomething && length <= block.count ? length : nil
  }
}
