import Dispatch
import Ingest
import Synchronization
import Training
import TweetText
import Tweets

/// Text to pre-train on: files of one sentence a line, plain or compressed, cleaned on several cores.
struct CorpusInput {
  private static let linesOfPiece = 4096

  let files: [String]
  let cleaning: CleaningProfile
  let threads: Int

  /// Adds the clean lines of all files in their order, whatever the number of cores; the lines that were
  /// too long to be read.
  func read(
    into builder: inout CorpusBuilder, file: (String, CorpusBuilder) -> Void = { _, _ in }
  ) throws -> Int {
    var skipped = 0
    for path in files {
      var reader: RecordReader
      do {
        reader = try RecordReader(path: path, options: IngestOptions(format: .text))
      } catch { throw CommandFailure(ingest: error) }
      var isAtEnd = false
      while !isAtEnd {
        var lines: [[UInt8]] = []
        while lines.count < CorpusInput.linesOfPiece * threads {
          guard let record = try next(&reader) else {
            isAtEnd = true
            break
          }
          if record.fault != nil {
            skipped += 1
          } else if record.format != .blank {
            lines.append(record.bytes)
          }
        }
        for piece in clean(lines) {
          for line in piece { builder.add(line) }
        }
      }
      file(path, builder)
    }
    return skipped
  }

  private func next(_ reader: inout RecordReader) throws -> Record? {
    do { return try reader.next() } catch { throw CommandFailure(ingest: error) }
  }

  /// The lines after cleaning, in their order, piece by piece.
  private func clean(_ lines: [[UInt8]]) -> [[String]] {
    let size = CorpusInput.linesOfPiece
    let pieces = Mutex([[String]](repeating: [], count: (lines.count + size - 1) / size))
    let cleaning = cleaning
    DispatchQueue.concurrentPerform(iterations: (lines.count + size - 1) / size) { piece in
      let clean = lines[(piece * size)..<min(lines.count, (piece + 1) * size)].map {
        cleaning.clean(String(decoding: $0, as: UTF8.self))
      }
      pieces.withLock { $0[piece] = clean }
    }
    return pieces.withLock { $0 }
  }
}
