import CCodecs

/// libbz2 for bzip2 streams.
// Unchecked: the handle has one owner, which moves with it, and is touched by no other.
@safe
struct Bzip2Decoder: ~Copyable, @unchecked Sendable {
  // libbz2 keeps the address of the handle and compares it: the handle must not move.
  private let handle: UnsafeMutablePointer<bz_stream>

  init() {
    unsafe handle = .allocate(capacity: 1)
    unsafe handle.initialize(to: bz_stream())
    start()
  }

  deinit {
    unsafe BZ2_bzDecompressEnd(handle)
    unsafe handle.deallocate()
  }

  private func start() {
    let code = unsafe BZ2_bzDecompressInit(handle, 0, 0)
    precondition(code == BZ_OK, "BZ2_bzDecompressInit gave \(code), not \(BZ_OK): out of memory")
  }

  mutating func decode(
    _ input: UnsafeMutableRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecoderStep {
    unsafe handle.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: CChar.self)
    unsafe handle.pointee.avail_in = UInt32(input.count)
    unsafe handle.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    unsafe handle.pointee.avail_out = UInt32(output.count)
    let code = unsafe BZ2_bzDecompress(handle)
    var step = DecoderStep(
      consumed: input.count - Int(unsafe handle.pointee.avail_in),
      produced: output.count - Int(unsafe handle.pointee.avail_out))
    if code == BZ_STREAM_END {
      step.endsMember = true
      unsafe BZ2_bzDecompressEnd(handle)
      start()
    } else {
      step.failure = check(code)
    }
    return step
  }

  private func check(_ code: Int32) -> String? {
    switch code {
    case BZ_OK: nil
    case BZ_DATA_ERROR: "a checksum is wrong"
    case BZ_DATA_ERROR_MAGIC: "no bzip2 header where one belongs"
    default: "BZ2_bzDecompress gave \(code)"
    }
  }
}
