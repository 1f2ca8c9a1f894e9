import Ingest
import LinearAlgebra
import Training
import TweetText
import Tweets

/// Text to pre-train on: files of one sentence a line, plain or compressed, cleaned on several cores.
struct CorpusInput {
  private static let linesOfPiece = 4096

  let files: [String]
  let cleaning: CleaningProfile
  let threads: Int
  var excluded = ExcludedTexts([])
  var options = IngestOptions(format: .text)

  /// Adds the clean lines of all files in their order, whatever the number of cores, without those of
  /// excluded texts; the lines that were too long to be read.
  func read(
    into builder: inout CorpusBuilder, file: (String, CorpusBuilder) -> Void = { _, _ in }
  ) throws -> Int {
    var skipped = 0
    for path in files {
      var reader: RecordReader
      do {
        reader = try RecordReader(path: path, options: options)
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
          for line in piece.lines { builder.add(line) }
          builder.exclude(lines: piece.excluded)
        }
      }
      file(path, builder)
    }
    return skipped
  }

  private func next(_ reader: inout RecordReader) throws -> Record? {
    do { return try reader.next() } catch { throw CommandFailure(ingest: error) }
  }

  /// Some lines after cleaning, and how many beside them were excluded.
  private struct Piece {
    var lines: [String] = []
    var excluded = 0
  }

  /// The lines after cleaning, in their order, piece by piece.
  private func clean(_ lines: [[UInt8]]) -> [Piece] {
    let size = CorpusInput.linesOfPiece
    let count = (lines.count + size - 1) / size
    let (cleaning, excluded) = (cleaning, excluded)
    return Threads.map(count, on: count) { number in
      var piece = Piece()
      for bytes in lines[(number * size)..<min(lines.count, (number + 1) * size)] {
        let line = String(decoding: bytes, as: UTF8.self)
        if excluded.contains(line) {
          piece.excluded += 1
        } else {
          piece.lines.append(cleaning.clean(line))
        }
      }
      return piece
    }
  }
}
