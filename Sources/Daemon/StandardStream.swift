import Glibc

/// Standard output and standard error as whole writes; a closed pipe ends the program quietly.
struct StandardStream: Sendable {
  static let output = StandardStream(descriptor: 1)
  static let error = StandardStream(descriptor: 2)

  let descriptor: Int32

  /// True when a person sees the stream.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Writes all of the text.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        // The pointer is inside the buffer, whose length bounds the count.
        let written = unsafe Glibc.write(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
        if written > 0 {
          done += written
        } else if errno == EPIPE {
          exit(0)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
