import CCodecs

/// liblzma for xz streams.
// Unchecked: the handle has one owner, which moves with it, and is touched by no other.
@safe
struct XZDecoder: ~Copyable, @unchecked Sendable {
  private static let memoryLimit: UInt64 = 256 << 20  // `xz -9` needs 65 MiB
  private let handle: UnsafeMutablePointer<lzma_stream>

  init() {
    unsafe handle = .allocate(capacity: 1)
    unsafe handle.initialize(to: lzma_stream())  // all zero, as LZMA_STREAM_INIT
    start()
  }

  deinit {
    unsafe lzma_end(handle)
    unsafe handle.deallocate()
  }

  private func start() {
    let code = unsafe lzma_stream_decoder(handle, XZDecoder.memoryLimit, 0)
    precondition(code == LZMA_OK, "lzma_stream_decoder gave \(code), not LZMA_OK: out of memory")
  }

  mutating func decode(
    _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecoderStep {
    unsafe handle.pointee.next_in = UnsafePointer(
      input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe handle.pointee.avail_in = input.count
    unsafe handle.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe handle.pointee.avail_out = output.count
    let code = unsafe lzma_code(handle, LZMA_RUN)
    var step = DecoderStep(
      consumed: input.count - (unsafe handle.pointee.avail_in),
      produced: output.count - (unsafe handle.pointee.avail_out))
    if code == LZMA_STREAM_END {
      step.endsMember = true
      start()
    } else {
      step.failure = check(code)
    }
    return step
  }

  private func check(_ code: lzma_ret) -> String? {
    switch code {
    // LZMA_BUF_ERROR: no progress was possible, which is no fault (lzma/base.h).
    case LZMA_OK, LZMA_BUF_ERROR: nil
    case LZMA_MEMLIMIT_ERROR: "it needs more than \(XZDecoder.memoryLimit >> 20) MiB of memory"
    case LZMA_FORMAT_ERROR: "no xz header where one belongs"
    case LZMA_DATA_ERROR: "the data is damaged"
    case LZMA_OPTIONS_ERROR: "it uses options that liblzma does not know"
    default: "lzma_code gave \(code.rawValue)"
    }
  }
}
