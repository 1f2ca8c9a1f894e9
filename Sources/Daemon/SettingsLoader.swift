/// Reads settings for a command; a refusal becomes the command's failure with exit code 78.
enum SettingsLoader {
  static func load(_ path: String, isCheckingFiles: Bool = true) throws -> Settings {
    do {
      return try SettingsReader.read(path, isCheckingFiles: isCheckingFiles)
    } catch {
      throw error.commandFailure
    }
  }
}
