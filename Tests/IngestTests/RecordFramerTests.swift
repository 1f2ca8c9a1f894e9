import Ingest
import Testing
import Tweets

@Suite struct RecordFramerTests {
  @Test(arguments: FramerFixture.all)
  func `an input gives exactly these kinds of records`(_ fixture: FramerFixture) {
    let seen = frame(Array(fixture.text.utf8), fixture.framer).seen
    #expect(seen.map(\.kind).joined(separator: " ") == fixture.kinds, "\(seen)")
    #expect(seen.isEmpty || seen.last?.end == Int64(fixture.text.utf8.count))
  }

  @Test(arguments: FramerFixture.all)
  func `how the bytes arrive changes nothing`(_ fixture: FramerFixture) {
    let bytes = Array(fixture.text.utf8)
    let whole = frame(bytes, fixture.framer).seen
    #expect(frame(bytes, fixture.framer, chunks: .fixed(1)).seen == whole)
    for seed: UInt64 in 1...5 {
      #expect(
        frame(bytes, fixture.framer, chunks: .random(seed: seed)).seen == whole, "seed \(seed)")
    }
  }

  @Test(arguments: FramerFixture.all)
  func `a restart at any record gives exactly the rest`(_ fixture: FramerFixture) {
    let bytes = Array(fixture.text.utf8)
    let (seen, framings) = frame(bytes, fixture.framer)
    for index in seen.indices {
      guard let framing = framings[index] else { continue }  // only blank lines so far
      let restarted = RecordFramer(
        framing: framing, limits: fixture.limits, startingAt: seen[index].end,
        line: seen[index].lines)
      let rest = frame(Array(bytes[Int(seen[index].end)...]), restarted).seen
      #expect(rest == Array(seen[(index + 1)...]), "restart behind record \(index)")
    }
  }

  @Test func `the bytes of records are theirs alone`() {
    let text = "[{\"a\":1},\n {\"b\":\"]}\"} ]\n"
    let seen = frame(Array(text.utf8), RecordFramer(hints: FormatHints(format: .auto))).seen
    #expect(seen.map(\.text) == [#"{"a":1}"#, #"{"b":"]}"}"#])
    #expect(seen.map(\.line) == [1, 2])
    #expect(seen.map(\.end) == [10, 24])
  }

  @Test func `a CSV record carries its header`() {
    let header = CSVHeader(columns: ["id", "the text", "say \"x\""], separator: 0x3B)
    let text = "id;\"the text\";\"say \"\"x\"\"\"\n1;\"a\nb\";c\n"
    let seen = frame(Array(text.utf8), RecordFramer(hints: FormatHints(format: .csv))).seen
    #expect(seen.map(\.format) == [.blank, .csv(header)])
    #expect(seen.last?.text == "1;\"a\nb\";c")
    #expect(seen.last?.line == 2)
    #expect(seen.last?.lines == 3)
  }

  @Test func `lines are counted through everything that is skipped`() {
    let text = "\n{\n \"a\": 1,\n x\n}\n" + "junk\n{\"b\":2}\nmore\n{\"c\":3}\n"
    let seen = frame(Array(text.utf8), RecordFramer(hints: FormatHints(format: .jsonl))).seen
    #expect(seen.map(\.kind) == ["blank", "cut", "json", "stray", "json"])
    #expect(seen.map(\.line) == [1, 2, 7, 8, 9])
    #expect(seen.map(\.lines) == [1, 6, 7, 8, 9])
  }

  @Test func `a line of a pipe comes as soon as it ends`() {
    var framer = RecordFramer(hints: FormatHints(format: .auto))
    framer.append(Array("{\"a\":1}".utf8)[...])
    #expect(framer.next(atEnd: false) == nil)
    #expect(framer.holdsPartialRecord)
    framer.append([0x0A])
    let isDecided = framer.decideNow()
    #expect(isDecided)
    #expect(framer.next(atEnd: false)?.end == 8)
    #expect(!framer.holdsPartialRecord)
  }

  @Test func `a line that never ends needs no more memory than the limit`() {
    var framer = RecordFramer(
      hints: FormatHints(format: .text), limits: FrameLimits(recordBytes: 1000))
    let chunk = [UInt8](repeating: 0x78, count: 4096)
    for _ in 0..<2000 {
      framer.append(chunk[...])
      #expect(framer.next(atEnd: false) == nil)
    }
    framer.append([0x0A])
    let record = framer.next(atEnd: false)
    #expect(record?.fault == .tooLong)
    #expect(record?.bytes == [])
    #expect(record?.end == Int64(2000 * 4096 + 1))
  }

  @Test(arguments: 1...40)
  func `random damage never loses a good line behind it`(_ seed: Int) {
    var generator = SplitMix(state: UInt64(seed))
    var lines = (0..<60).map { "{\"id\":\($0),\"text\":\"tweet {\($0)}\",\"e\":[{\"i\":[1,2]}]}" }
    var good = Set(0..<60)
    for _ in 0..<6 {
      let index = Int.random(in: 0..<59, using: &generator)
      let length = Int.random(in: 1..<lines[index].utf8.count, using: &generator)
      lines[index] = String(decoding: lines[index].utf8.prefix(length), as: UTF8.self)
      good.remove(index)
    }
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    let seen = frame(bytes, RecordFramer(hints: FormatHints(format: .jsonl))).seen
    let whole = Set(seen.filter { $0.kind == "json" }.map(\.text))
    for index in good {
      #expect(whole.contains(lines[index]), "seed \(seed), line \(index + 1)")
    }
    #expect(seen.last?.end == Int64(bytes.count))
  }

  @Test(arguments: 1...40)
  func `random bytes are framed without loss and the same in any chunks`(_ seed: Int) {
    var generator = SplitMix(state: UInt64(seed))
    let alphabet = Array("{}[]\":,\\\n\r \t1ax".utf8)
    let bytes = (0..<2000).map { _ in alphabet[Int.random(in: 0..<15, using: &generator)] }
    for format in InputFormat.allCases {
      let framer = RecordFramer(
        hints: FormatHints(format: format), limits: FrameLimits(recordBytes: 100))
      let (whole, framings) = frame(bytes, framer)
      #expect(frame(bytes, framer, chunks: .fixed(1)).seen == whole, "seed \(seed), \(format)")
      #expect(whole.last?.end == 2000)
      #expect(zip(whole, whole.dropFirst()).allSatisfy { $0.end < $1.end })
      for index in whole.indices {
        guard let framing = framings[index] else { continue }
        let rest = frame(
          Array(bytes[Int(whole[index].end)...]),
          RecordFramer(
            framing: framing, limits: FrameLimits(recordBytes: 100), startingAt: whole[index].end,
            line: whole[index].lines)
        ).seen
        #expect(rest == Array(whole[(index + 1)...]), "seed \(seed), \(format), record \(index)")
      }
    }
  }
}
