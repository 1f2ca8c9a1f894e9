import Testing

import Daemon

/// One broken settings file per way to be broken, each with the message it must give.
///
/// `ELMOND_RECORD_SNAPSHOTS=1` writes the messages anew, and fails.
@Suite struct SettingsFixtureTests {
  @Test(arguments: try Fixture.names(in: "settings", ending: ".toml"))
  func `a broken settings file gives its message`(name: String) throws {
    let text = try Fixture.text("settings/\(name).toml")
    let message: String
    do {
      _ = try SettingsReader.parse(
        text, file: "\(name).toml", folder: "/no-folder", isCheckingFiles: true)
      message = "accepted"
    } catch {
      message = error.description
    }
    try Fixture.expect(message + "\n", equals: "settings/\(name).expected")
  }
}
