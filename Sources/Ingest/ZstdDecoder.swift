import CCodecs

/// libzstd for zstd frames.
// Unchecked: the handle has one owner, which moves with it, and is touched by no other.
@safe
struct ZstdDecoder: ~Copyable, @unchecked Sendable {
  private static let windowLog: Int32 = 27  // 128 MiB, as the zstd tool allows
  private let handle: OpaquePointer

  init() {
    guard let created = unsafe ZSTD_createDCtx() else {
      preconditionFailure("ZSTD_createDCtx gave nothing: out of memory")
    }
    unsafe handle = created
    unsafe ZSTD_DCtx_setParameter(handle, ZSTD_d_windowLogMax, ZstdDecoder.windowLog)
  }

  deinit { unsafe ZSTD_freeDCtx(handle) }

  mutating func decode(
    _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecoderStep {
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let code = unsafe ZSTD_decompressStream(handle, &target, &source)
    var step = DecoderStep(
      consumed: unsafe source.pos, produced: unsafe target.pos, endsMember: code == 0)
    if ZSTD_isError(code) != 0 {
      step.failure = unsafe String(cString: ZSTD_getErrorName(code))
    }
    return step
  }
}
