import ArgumentParser
import Ingest

/// How the bytes of an input become records, whatever they hold.
struct ByteOptions: ParsableArguments {
  @Option(help: "How characters are written: auto, utf-8, utf-16, windows-1252, latin1, …")
  var encoding: String?
  @Option(help: "The longest record, from 1KiB to 64MiB; 1MiB without it.") var maxLine: String?

  func validate() throws {
    if let encoding, known == nil, encoding.lowercased() != "auto" {
      throw ValidationError(
        "--encoding: \(encoding) is not known; `iconv -l` lists the names that are")
    }
    if let maxLine, recordBytes == nil {
      throw ValidationError("--max-line takes a size from 1KiB to 64MiB, not \(maxLine)")
    }
  }

  /// The encoding that is named; nil where the bytes are to tell.
  var known: TextEncoding? { encoding.flatMap { TextEncoding(name: $0) } }

  /// The longest record that is named.
  var recordBytes: Int? {
    maxLine.flatMap { SettingsText.size($0) }.flatMap {
      (1024...(64 << 20)).contains($0) ? $0 : nil
    }
  }

  /// What the readers are told.
  func ingest(format: InputFormat = .auto, hasHeading: Bool? = nil) -> IngestOptions {
    IngestOptions(
      format: format, encoding: known, hasHeading: hasHeading,
      frame: FrameLimits(recordBytes: recordBytes ?? FrameLimits().recordBytes))
  }
}
