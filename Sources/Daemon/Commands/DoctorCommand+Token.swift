import Foundation

extension DoctorCommand {
  /// Refuses a token file that others than its owner and its group can read, or others than its owner can write.
  static func checkMode(ofToken path: String) throws {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & 0o027 != 0 else { return }
    let mode = String(status.st_mode & 0o777, radix: 8)
    throw CommandFailure(
      "\(path): its mode is \(mode), so that other users can read or change the token",
      remedy: "chmod 640 \(path); if others may have read it, get a new token", code: .permission)
  }
}
