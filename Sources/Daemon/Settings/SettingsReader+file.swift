private import Glibc

extension SettingsReader {
  /// A settings file is never longer than this, in bytes.
  private static let longest = 1 << 20

  /// The text of a settings file, or the reason why there is none.
  static func contents(of path: String) throws(SettingsFailure) -> String {
    func refusal(_ message: String, line: Int? = nil) -> SettingsFailure {
      SettingsFailure(problems: [SettingsProblem(file: path, line: line, message: message)])
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw refusal("cannot open the settings file: \(systemMessage(errno))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw refusal("expected a settings file, found something that is not a plain file")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw refusal("cannot read the settings file: \(systemMessage(errno))")
      }
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= longest else {
        throw refusal("expected a settings file of at most 1 MiB; this one is longer")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw refusal("not UTF-8; save the file as UTF-8", line: lineOfBadByte(bytes))
    }
    if let zero = bytes.firstIndex(of: 0) {
      let line = bytes[..<zero].count { $0 == UInt8(ascii: "\n") } + 1
      throw refusal("holds a NUL byte; a settings file is plain text", line: line)
    }
    return text
  }

  /// The first line, from 1, that is not UTF-8 by itself.
  private static func lineOfBadByte(_ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
    return (bad ?? 0) + 1
  }

  private static func systemMessage(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
  }
}
