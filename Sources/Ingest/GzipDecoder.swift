import CCodecs

/// zlib's inflate for gzip members.
// Unchecked: the handle has one owner, which moves with it, and is touched by no other.
@safe
struct GzipDecoder: ~Copyable, @unchecked Sendable {
  // zlib keeps the address of the handle and compares it: the handle must not move.
  private let handle: UnsafeMutablePointer<z_stream>

  init() {
    unsafe handle = .allocate(capacity: 1)
    unsafe handle.initialize(to: z_stream())
    // 15: the largest window; + 16: gzip framing (zlib.h, inflateInit2).
    let code = unsafe inflateInit2_(
      handle, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "inflateInit2 gave \(code), not \(Z_OK): out of memory")
  }

  deinit {
    unsafe inflateEnd(handle)
    unsafe handle.deallocate()
  }

  mutating func decode(
    _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecoderStep {
    unsafe handle.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe handle.pointee.avail_in = UInt32(input.count)
    unsafe handle.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe handle.pointee.avail_out = UInt32(output.count)
    let code = unsafe inflate(handle, Z_NO_FLUSH)
    var step = DecoderStep(
      consumed: input.count - Int(unsafe handle.pointee.avail_in),
      produced: output.count - Int(unsafe handle.pointee.avail_out))
    if code == Z_STREAM_END {
      step.endsMember = true
      unsafe inflateReset(handle)
    } else {
      step.failure = check(code)
    }
    return step
  }

  private func check(_ code: Int32) -> String? {
    // Z_BUF_ERROR: no progress was possible, which is no fault (zlib.h, inflate).
    if code == Z_OK || code == Z_BUF_ERROR { return nil }
    guard let message = unsafe handle.pointee.msg else { return "inflate gave \(code)" }
    return unsafe String(cString: message)
  }
}
