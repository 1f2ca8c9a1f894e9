import Foundation

/// The files beside the tests, and the shared data where it is.
enum Fixture {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  static func data(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name)"))
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try data(name), as: UTF8.self)
  }

  /// Writes what a snapshot test found beside the snapshot's folder when ELMOND_RECORD is set; the
  /// test fails all the same.
  static func record(_ text: String, _ name: String) throws -> Bool {
    guard ProcessInfo.processInfo.environment["ELMOND_RECORD"] != nil else { return false }
    try text.write(
      to: folder.appendingPathComponent("Fixtures/\(name)"), atomically: true, encoding: .utf8)
    return true
  }

  /// The folder of data that lies beside the project on some machines.
  static let shared = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data")

  static func isShared(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: shared.appendingPathComponent(path).path)
  }

  /// The fields of a CSV file with quotes, row by row.
  static func csv(_ path: String) throws -> [[String]] {
    let bytes = [UInt8](try Data(contentsOf: shared.appendingPathComponent(path)))
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var quoted = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if quoted {
        if byte != 0x22 {
          field.append(byte)
        } else if index + 1 < bytes.count, bytes[index + 1] == 0x22 {
          field.append(byte)
          index += 1
        } else {
          quoted = false
        }
      } else if byte == 0x22 {
        quoted = true
      } else if byte == 0x2C || byte == 0x0A {
        row.append(String(decoding: field, as: UTF8.self))
        field.removeAll()
        if byte == 0x0A {
          rows.append(row)
          row.removeAll()
        }
      } else if byte != 0x0D {
        field.append(byte)
      }
      index += 1
    }
    if !row.isEmpty { rows.append(row + [String(decoding: field, as: UTF8.self)]) }
    return rows
  }
}
