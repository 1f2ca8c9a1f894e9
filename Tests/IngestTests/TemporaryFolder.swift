import Foundation
import Testing

/// A folder for one test, removed with everything in it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "elmond-ingest-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func append(_ text: String, to name: String) throws { try append(Array(text.utf8), to: name) }

  func append(_ bytes: [UInt8], to name: String) throws {
    if !FileManager.default.fileExists(atPath: file(name)) { return try write(bytes, to: name) }
    let handle = try #require(FileHandle(forWritingAtPath: file(name)))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }

  /// Empties a file in place and fills it anew, as `copytruncate` does: the inode stays.
  func overwrite(_ text: String, to name: String) throws {
    try overwrite(Array(text.utf8), to: name)
  }

  func overwrite(_ bytes: [UInt8], to name: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: file(name)))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }

  func move(_ from: String, to: String) throws {
    try FileManager.default.moveItem(atPath: file(from), toPath: file(to))
  }

  func copy(_ from: String, to: String) throws {
    try FileManager.default.copyItem(atPath: file(from), toPath: file(to))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

  /// Sets when a file seems to have been changed, in seconds since the epoch.
  func age(_ name: String, to seconds: Int64) throws {
    let date = Date(timeIntervalSince1970: Double(seconds))
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file(name))
  }
}

func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}
