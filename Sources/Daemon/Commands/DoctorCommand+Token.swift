import Ingest

extension DoctorCommand {
  /// Refuses a token file that others than its owner and its group can read, or others than its owner can write.
  static func checkMode(of token: SecretFile) throws {
    guard let exposure = token.exposure else { return }
    throw CommandFailure(
      "\(token.path): \(exposure)",
      remedy: "chmod 640 \(token.path); if others may have read it, get a new token",
      code: .permission)
  }
}
