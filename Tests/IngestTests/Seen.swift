import Ingest
import Tweets

/// A record as the tests compare it.
struct Seen: Equatable, CustomStringConvertible {
  var text: String
  var format: RecordFormat
  var line: Int
  var end: Int64
  var fault: RecordFault?
  var lines: Int

  init(_ record: Record, lines: Int) {
    text = String(decoding: record.bytes, as: UTF8.self)
    format = record.format
    line = record.line
    end = record.end
    fault = record.fault
    self.lines = lines
  }

  /// `json`, `blank`, `cut` and so on.
  var kind: String {
    if let fault { return fault.rawValue }
    return switch format {
    case .json: "json"
    case .csv: "csv"
    case .text: "text"
    case .event(let name): "event \(name)"
    case .blank: "blank"
    }
  }

  var description: String { "\(kind)@\(line)-\(end)/\(lines) \(text.prefix(60))" }
}

/// How many bytes arrive at once.
enum Chunks {
  case all
  case fixed(Int)
  case random(seed: UInt64)
}

/// Frames bytes that arrive in chunks.
func frame(
  _ bytes: [UInt8], _ start: RecordFramer, chunks: Chunks = .all
) -> (seen: [Seen], framing: [Framing?]) {
  var framer = start
  var generator = SplitMix(state: 0)
  if case .random(let seed) = chunks { generator = SplitMix(state: seed) }
  var seen: [Seen] = []
  var framings: [Framing?] = []
  var index = 0
  while true {
    while let record = framer.next(atEnd: index == bytes.count) {
      seen.append(Seen(record, lines: framer.lines))
      framings.append(framer.framing)
    }
    guard index < bytes.count else { return (seen, framings) }
    let wanted =
      switch chunks {
      case .all: bytes.count
      case .fixed(let size): size
      case .random: Int.random(in: 1...200, using: &generator)
      }
    let end = min(bytes.count, index + wanted)
    framer.append(bytes[index..<end])
    index = end
  }
}

/// A small seeded generator (splitmix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
