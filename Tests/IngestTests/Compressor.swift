import CCodecs
import Ingest
import Testing

/// Compresses test data with the libraries themselves, so that no tool is needed.
func compress(_ bytes: [UInt8], _ codec: Codec) throws -> [UInt8] {
  var output = [UInt8](repeating: 0, count: bytes.count * 2 + 4096)
  var input = bytes
  var size = 0
  switch codec {
  case .plain: return bytes
  case .gzip:
    var stream = unsafe z_stream()
    let started = unsafe deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
      Int32(MemoryLayout<z_stream>.size))
    try #require(started == Z_OK)
    unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        _ = unsafe deflate(&stream, Z_FINISH)
      }
    }
    size = Int(unsafe stream.total_out)
    unsafe deflateEnd(&stream)
  case .bzip2:
    var length = UInt32(output.count)
    let code = unsafe input.withUnsafeMutableBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        unsafe BZ2_bzBuffToBuffCompress(
          target.baseAddress?.assumingMemoryBound(to: CChar.self), &length,
          source.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(source.count), 9, 0, 0)
      }
    }
    try #require(code == BZ_OK)
    size = Int(length)
  case .xz:
    let code = unsafe lzma_easy_buffer_encode(
      2, LZMA_CHECK_CRC64, nil, input, input.count, &output, &size, output.count)
    try #require(code == LZMA_OK)
  case .zstd:
    size = unsafe ZSTD_compress(&output, output.count, input, input.count, 3)
    try #require(ZSTD_isError(size) == 0)
  }
  return Array(output[..<size])
}
