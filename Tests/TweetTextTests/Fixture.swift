import Foundation
import TweetText
import Tweets

/// A file under Fixtures, split into the records that the framer would make of it.
enum Fixture {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return try Array(Data(contentsOf: folder.appending(path: name)))
  }

  /// One record a line for `.jsonl`, `.txt` and `.csv` (no fixture has line ends in fields), else one for all.
  static func records(_ name: String) throws -> [Record] {
    records(of: try bytes(name), name: name)
  }

  static func records(of bytes: [UInt8], name: String) -> [Record] {
    if name.hasSuffix(".json") { return [Record(bytes: bytes, format: .json, line: 1, end: 0)] }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    if lines.last == [] { lines.removeLast() }
    var format = RecordFormat.json
    if name.hasSuffix(".txt") { format = .text }
    if name.hasSuffix(".csv") {
      let columns = String(decoding: lines.removeFirst(), as: UTF8.self).split(separator: ",")
      format = .csv(CSVHeader(columns: columns.map(String.init), separator: UInt8(ascii: ",")))
    }
    return lines.enumerated().map { index, line in
      Record(bytes: line, format: line.isEmpty ? .blank : format, line: index + 1, end: 0)
    }
  }

  /// What a fresh decoder makes of all records.
  static func decode(_ records: [Record], csv: CSVMapping = .automatic) -> [Decoded] {
    var decoder = TweetDecoder(csv: csv)
    return records.flatMap { decoder.decode($0) }
  }
}

extension [Decoded] {
  var tweets: [Tweet] { compactMap { if case .tweet(let tweet) = $0 { tweet } else { nil } } }
  var notices: [Notice] { compactMap { if case .notice(let notice) = $0 { notice } else { nil } } }
  var reasons: [DecodeError.Reason] {
    compactMap { if case .undecodable(let error) = $0 { error.reason } else { nil } }
  }
}

/// The folder of shared data beside the project, where it is there.
enum SharedData {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/data")

  static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: folder.appending(path: name)))
  }

  static func records(_ name: String) throws -> [Record] {
    Fixture.records(of: try bytes(name), name: name)
  }
}
