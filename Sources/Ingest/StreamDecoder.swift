/// The decompressor of one file: one of the four.
struct StreamDecoder: ~Copyable, Sendable {
  private var gzip: GzipDecoder?
  private var bzip2: Bzip2Decoder?
  private var xz: XZDecoder?
  private var zstd: ZstdDecoder?

  /// A decompressor for a codec that is not `plain`.
  init(_ codec: Codec) {
    switch codec {
    case .plain: preconditionFailure("a plain file has no decompressor, asked for \(codec)")
    case .gzip: gzip = GzipDecoder()
    case .bzip2: bzip2 = Bzip2Decoder()
    case .xz: xz = XZDecoder()
    case .zstd: zstd = ZstdDecoder()
    }
  }

  mutating func decode(
    _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecoderStep {
    if let step = unsafe gzip?.decode(input, into: output) { return step }
    if let step = unsafe bzip2?.decode(input, into: output) { return step }
    if let step = unsafe xz?.decode(input, into: output) { return step }
    if let step = unsafe zstd?.decode(input, into: output) { return step }
    preconditionFailure("a stream decoder holds 1 decompressor, this one 0")
  }
}
