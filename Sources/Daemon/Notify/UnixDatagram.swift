private import Glibc

/// Sends datagrams to a socket of this machine.
enum UnixDatagram {
  /// Longest path of a socket in bytes: the field of `sockaddr_un` with room for its end.
  static let longestPath = 107

  /// Opens an unbound datagram socket; -1 with `errno` on failure.
  static func open() -> Int32 {
    socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  /// Sends one datagram to a path, or to an abstract name when it begins with `@`.
  ///
  /// Returns 0, or the `errno` of the failure.
  static func send(_ bytes: [UInt8], from descriptor: Int32, to path: String, flags: Int32) -> Int32
  {
    let name = Array(path.utf8)
    precondition(
      (1...longestPath).contains(name.count),
      "socket path of \(name.count) bytes, at most \(longestPath)")
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let isAbstract = name[0] == UInt8(ascii: "@")
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      for (index, byte) in name.enumerated() { unsafe field[index] = byte }
      if isAbstract { unsafe field[0] = 0 }
    }
    // An abstract name ends where its length says, a path after its NUL.
    let length = MemoryLayout<sa_family_t>.size + name.count + (isAbstract ? 0 : 1)
    while true {
      let sent = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          unsafe bytes.withUnsafeBytes {
            unsafe sendto(
              descriptor, $0.baseAddress, $0.count, flags | Int32(MSG_NOSIGNAL), address,
              socklen_t(length))
          }
        }
      }
      if sent >= 0 { return 0 }
      if errno != EINTR { return errno }
    }
  }
}
