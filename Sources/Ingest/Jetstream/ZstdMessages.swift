import CCodecs

/// Decompresses single messages that were compressed with a dictionary.
// Unchecked: the handles have one owner, which moves with it, and are touched by no other.
@safe
struct ZstdMessages: ~Copyable, @unchecked Sendable {
  private let context: OpaquePointer
  private let dictionary: OpaquePointer
  private let mostBytes: Int

  /// A decompressor with the dictionary; a message of more than `mostBytes` is refused.
  init(dictionary bytes: [UInt8], mostBytes: Int) throws(IngestError) {
    let made = unsafe bytes.withUnsafeBytes { unsafe ZSTD_createDDict($0.baseAddress, $0.count) }
    guard let made = unsafe made else {
      throw IngestError(
        kind: .corrupt, operation: "load", subject: "the zstd dictionary",
        cause: "libzstd does not take it", remedy: "fetch the servers' dictionary again")
    }
    guard let context = unsafe ZSTD_createDCtx() else {
      preconditionFailure("ZSTD_createDCtx gave nothing: out of memory")
    }
    unsafe self.context = context
    unsafe dictionary = made
    self.mostBytes = mostBytes
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
    unsafe ZSTD_freeDDict(dictionary)
  }

  /// The message; nil when it is damaged or too long.
  mutating func decode(_ message: [UInt8]) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: mostBytes)
    let count = unsafe output.withUnsafeMutableBytes { output in
      unsafe message.withUnsafeBytes { input in
        unsafe ZSTD_decompress_usingDDict(
          context, output.baseAddress, output.count, input.baseAddress, input.count, dictionary)
      }
    }
    guard ZSTD_isError(count) == 0 else { return nil }
    return Array(output[..<count])
  }
}
