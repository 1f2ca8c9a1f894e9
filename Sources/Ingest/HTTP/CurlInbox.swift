internal import CCurl
import Glibc

/// What libcurl's callbacks gather for one transfer; an object, because they are given its address.
@safe
final class CurlInbox {
  /// Headers of an answer in all; a server that sends more is not one that we want to hear.
  static let mostHeaderBytes = 64 << 10

  var body: [UInt8] = []
  var headers: [String] = []
  var headerBytes = 0
  /// Bytes of the body that may wait; nil for a stream, which is taken as it comes.
  let mostBodyBytes: Int?
  /// libcurl writes its words here; it lives as long as the transfer.
  let words: UnsafeMutablePointer<CChar>

  init(mostBodyBytes: Int?) {
    self.mostBodyBytes = mostBodyBytes
    unsafe words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit { unsafe words.deallocate() }

  var errorWords: String { unsafe String(cString: words) }

  /// Takes a piece of the body; false stops the transfer.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if let mostBodyBytes, body.count + bytes.count > mostBodyBytes { return false }
    unsafe body.append(contentsOf: bytes)
    return true
  }

  /// Takes a line of the head; false stops the transfer.
  func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= CurlInbox.mostHeaderBytes else { return false }
    var line = unsafe String(decoding: bytes, as: UTF8.self)
    while line.last?.isNewline == true { line.removeLast() }
    // A new head replaces that of an interim answer.
    if line.hasPrefix("HTTP/") { headers = [] }
    headers.append(line)
    return true
  }

  // libcurl's callbacks: the last argument is the inbox, which the transfer keeps alive.

  static let onBody: curl_write_callback = { bytes, size, count, inbox in
    guard let bytes = unsafe bytes, let inbox = unsafe inbox else { return 0 }
    let taken = unsafe Unmanaged<CurlInbox>.fromOpaque(inbox).takeUnretainedValue()
      .take(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return taken ? size * count : 0
  }

  static let onHeader: curl_write_callback = { bytes, size, count, inbox in
    guard let bytes = unsafe bytes, let inbox = unsafe inbox else { return 0 }
    let taken = unsafe Unmanaged<CurlInbox>.fromOpaque(inbox).takeUnretainedValue()
      .takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return taken ? size * count : 0
  }
}
