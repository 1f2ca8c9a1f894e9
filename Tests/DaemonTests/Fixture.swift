import Foundation
import Testing

/// The committed test files beside the tests.
enum Fixture {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")
  /// The root of the package.
  static let packageRoot = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The names, without their ending, of the files of a folder.
  static func names(in subfolder: String, ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: subfolder).path(percentEncoded: false)
    )
    .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  /// Compares a text with a committed snapshot; recording is an explicit act and fails the run.
  static func expect(_ text: String, equals path: String) throws {
    if ProcessInfo.processInfo.environment["ELMOND_RECORD_SNAPSHOTS"] == "1" {
      try text.write(to: folder.appending(path: path), atomically: true, encoding: .utf8)
      Issue.record("recorded \(path); run again without ELMOND_RECORD_SNAPSHOTS")
      return
    }
    #expect(try self.text(path) == text)
  }

  /// Runs with a fresh folder, which is removed afterwards.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "elmond-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path(percentEncoded: false))
  }
}
