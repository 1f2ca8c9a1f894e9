import Glibc
import Testing

/// A datagram socket that the code under test sends to.
struct UnixReceiver: ~Copyable {
  private let descriptor: Int32

  /// Binds to a path, or to an abstract name when it begins with `@`.
  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      for (index, byte) in name.enumerated() { unsafe field[index] = byte }
      if name.first == UInt8(ascii: "@") { unsafe field[0] = 0 }
    }
    let length = MemoryLayout<sa_family_t>.size + name.count
    let code = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(length))
      }
    }
    try #require(code == 0)
  }

  deinit { close(descriptor) }

  /// The next datagram, nil when none is there.
  func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
    }
    return count < 0 ? nil : Array(buffer[..<count])
  }

  /// The next datagram as text.
  func nextText() -> String? { next().map { String(decoding: $0, as: UTF8.self) } }
}
