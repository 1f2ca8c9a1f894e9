import Glibc
import TweetText

/// Standard output and standard error as whole writes.
///
/// A reader that closed its pipe ends the program quietly; any other failure of standard output ends it
/// with 74, since an answer that is lost in silence is worse than none.
struct StandardStream: Sendable {
  static let output = StandardStream(descriptor: 1)
  static let error = StandardStream(descriptor: 2)

  let descriptor: Int32

  /// True when a person sees the stream.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Writes lines for a person; what comes from files in them cannot steer the terminal.
  func say(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    write(
      lines.map { Sanitizer.terminalSafe(String($0), limit: nil) }.joined(separator: "\n") + "\n")
  }

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
          guard descriptor == 1 else { return }
          let cause = unsafe String(cString: strerror(errno))
          StandardStream.error.write("elmond: cannot write to standard output: \(cause)\n")
          exit(ExitCode.inputOutput.rawValue)
        }
      }
    }
  }
}
