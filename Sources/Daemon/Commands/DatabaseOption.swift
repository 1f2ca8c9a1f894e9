import ArgumentParser
import Foundation
import Store

/// The database of `query` and `report`.
struct DatabaseOption: ParsableArguments {
  @Option(help: "The database; by default the one of the settings, or /var/lib/elmond/elmond.db.")
  var database: String?
  @Option(help: "The settings file that names the database.") var config: String?

  /// The path: the flag, the settings, the default.
  func path() throws -> String {
    if let database { return database }
    return try settings().store.database
  }

  /// The settings: those of the flag, the installed ones, the defaults.
  func settings() throws -> Settings {
    if let config { return try SettingsLoader.load(config, isCheckingFiles: false) }
    let installed = "/etc/elmond/elmond.toml"
    guard FileManager.default.isReadableFile(atPath: installed) else { return Settings() }
    return try SettingsLoader.load(installed, isCheckingFiles: false)
  }

  /// Opens the database for reading; its errors become failures of the command.
  func read<T>(_ body: (QueryReader) throws -> T) throws -> T {
    try Self.read(try path(), body)
  }

  /// The same for the database at a path.
  static func read<T>(_ path: String, _ body: (QueryReader) throws -> T) throws -> T {
    if unsafe access(path, F_OK) != 0, errno == EACCES {
      throw CommandFailure(
        "cannot read \(path): permission denied on the way to it",
        remedy: "join the group of the folder, elmond on an installed system", code: .permission)
    }
    var isFolder: ObjCBool = false
    if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      guard !isFolder.boolValue else {
        throw CommandFailure(
          "cannot read \(path): it is a folder", remedy: "name the database file in it",
          code: .inputMissing)
      }
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw CommandFailure(
          "cannot read \(path): permission denied",
          remedy: "join the group of the file, elmond on an installed system", code: .permission)
      }
    }
    do {
      return try body(try QueryReader(path: path))
    } catch let error as StoreError {
      throw CommandFailure(store: error)
    }
  }
}
