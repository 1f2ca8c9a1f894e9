import Glibc

/// Where a token lies; it is read anew at each connection, so that a new one needs no restart.
package struct SecretFile: Sendable, Equatable {
  /// The file's path.
  package var path: String

  /// A token file at the path.
  package init(path: String) { self.path = path }

  /// The token: the file's one line.
  package func read() throws(IngestError) -> Secret {
    let descriptor = try FileDescriptor.open(path, admitting: .regularFile)
    var text = try descriptor.read(8192, at: 0, path: path)
    while let last = text.last, last == 0x0A || last == 0x0D || last == 0x20 { text.removeLast() }
    guard let secret = Secret(String(decoding: text, as: UTF8.self)) else {
      throw IngestError(
        kind: .refused, operation: "read the token in", subject: path,
        cause: "expected one line of 1 to 4096 printable characters without blanks",
        remedy: "write the token alone into the file")
    }
    return secret
  }

  /// Why the token is not secret, in words: others than the owner and the group can read the file, or others than the owner can
  /// write it; nil when the mode is good.
  package var exposure: String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & 0o027 != 0 else { return nil }
    let mode = String(status.st_mode & 0o777, radix: 8)
    return "its mode is \(mode), so that other users can read or change the token"
  }
}
