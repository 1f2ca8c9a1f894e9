import Aggregates
import Pipeline
import TweetText
import Tweets
import Testing

struct BatchAssemblerTests {
  private let begin = ContinuousClock.now

  private func assembler(
    maxTweets: Int = 3, positions: [FilePosition] = []
  ) -> BatchAssembler {
    BatchAssembler(
      maxTweets: maxTweets, maxWait: .milliseconds(200), decoders: [:],
      positions: Dictionary(
        uniqueKeysWithValues: positions.map { (MicroBatch.FileKey(source: "s", $0), $0) }))
  }

  private func batch(_ script: Script, from first: Int = 0) -> RecordBatch {
    var start = script.start
    if first > 0 {
      start.offset = script.records[first - 1].end
      start.line = first
    }
    let records = Array(script.records[first...])
    return RecordBatch(
      records: records, lines: records.map(\.line), start: start, path: start.path)
  }

  private func some(_ batch: MicroBatch?) throws -> MicroBatch { try #require(batch) }

  private func position(in batch: MicroBatch?) throws -> FilePosition {
    try #require(batch?.positions.values.first)
  }

  private func page(of count: Int) -> Script {
    var script = Script(inode: 5)
    script.add(Script.page((0..<count).map { Script.tweet($0) }))
    return script
  }

  private func texts(_ batch: MicroBatch?) -> [String] {
    (batch?.items ?? []).map {
      switch $0 {
      case .tweet(let tweet, _): tweet.id ?? ""
      case .delete(let id, _, _): "delete \(id)"
      }
    }
  }

  @Test func `a batch is cut at its largest size and the rest waits`() {
    var assembler = assembler()
    var script = Script(inode: 5)
    for number in 0..<7 { script.add(Script.tweet(number)) }
    assembler.add(batch(script), source: "s", at: begin)
    #expect(texts(assembler.takeFull()) == (0..<3).map { Script.id($0) })
    #expect(texts(assembler.takeFull()) == (3..<6).map { Script.id($0) })
    #expect(assembler.takeFull() == nil)
    #expect(texts(assembler.flush()) == [Script.id(6)])
    #expect(assembler.flush() == nil)
  }

  @Test func `each batch has the position behind its own last record`() throws {
    var assembler = assembler(maxTweets: 1)
    var script = Script(inode: 5)
    for number in 0..<3 { script.add(Script.tweet(number)) }
    assembler.add(batch(script), source: "s", at: begin)
    for record in script.records {
      let position = try position(in: assembler.takeFull())
      #expect(position.offset == record.end)
      #expect(position.line == record.line)
      #expect(position.itemsDone == 0)
    }
  }

  @Test func `a page over several batches moves on inside itself and is one record`() throws {
    var assembler = assembler(maxTweets: 2)
    assembler.add(batch(page(of: 5)), source: "s", at: begin)
    var done: [[Int64]] = []
    while let batch = assembler.flush() {
      let position = try #require(batch.positions.values.first)
      let records = batch.counters[CounterKey(source: "s", name: "records")] ?? 0
      done.append([position.offset, Int64(position.itemsDone), records])
    }
    #expect(done == [[0, 2, 0], [0, 4, 0], [page(of: 5).records[0].end, 0, 1]])
  }

  @Test func `a page in the middle of a file keeps the position of the record before it`() throws {
    var assembler = assembler(maxTweets: 2)
    var script = Script(inode: 5)
    script.add(Script.tweet(9))
    script.add(Script.page((0..<3).map { Script.tweet($0) }))
    assembler.add(batch(script), source: "s", at: begin)
    let position = try position(in: assembler.takeFull())
    #expect(position.offset == script.records[0].end)
    #expect(position.line == 1)
    #expect(position.itemsDone == 1)
  }

  @Test(arguments: 1...4)
  func `a page goes on after the items that were committed`(done: Int) {
    let script = page(of: 5)
    var position = script.start
    position.itemsDone = done
    var assembler = assembler(maxTweets: 64, positions: [position])
    assembler.add(batch(script), source: "s", at: begin)
    assembler.add(batch(script), source: "s", at: begin)  // a second page is whole
    #expect(texts(assembler.flush()) == (Array(done..<5) + Array(0..<5)).map { Script.id($0) })
  }

  @Test func `a page that is resumed is cut again`() throws {
    let script = page(of: 5)
    var position = script.start
    position.itemsDone = 1
    var assembler = assembler(maxTweets: 2, positions: [position])
    assembler.add(batch(script), source: "s", at: begin)
    let first = try some(assembler.takeFull())
    #expect(texts(first) == [1, 2].map { Script.id($0) })
    #expect(first.positions.values.first?.itemsDone == 3)
    let second = try some(assembler.takeFull())
    #expect(texts(second) == [3, 4].map { Script.id($0) })
    #expect(second.positions.values.first?.itemsDone == 0)
  }

  @Test(arguments: ["elsewhere", "other content", "shorter", "gone"])
  func `another file at the inode loses nothing`(what: String) {
    let script = page(of: 3)
    var position = script.start
    position.itemsDone = 2
    switch what {
    case "elsewhere": position.offset = 10
    case "other content": position.fingerprint += 1
    case "shorter": position.fingerprintLength += 1
    default: break
    }
    var assembler = assembler(maxTweets: 64, positions: [position])
    if what == "gone" { assembler.forget(position, source: "s", at: begin) }
    assembler.add(batch(script), source: "s", at: begin)
    #expect(texts(assembler.flush()).count == 3)
  }

  @Test func `a file that grew is still the same`() {
    let script = page(of: 3)
    var position = script.start
    position.itemsDone = 2
    position.fingerprintLength = 8
    position.fingerprint = 99
    var assembler = assembler(maxTweets: 64, positions: [position])
    assembler.add(batch(script), source: "s", at: begin)
    #expect(texts(assembler.flush()) == [Script.id(2)])
  }

  @Test func `a file that is begun anew is at its new place inside a page`() throws {
    var old = Script(inode: 5)
    for number in 0..<2 { old.add(Script.tweet(number)) }
    var assembler = assembler()
    assembler.add(batch(old), source: "s", at: begin)
    assembler.add(batch(page(of: 3)), source: "s", at: begin)
    let position = try position(in: assembler.takeFull())
    #expect(position.offset == 0)
    #expect(position.itemsDone == 1)
  }

  @Test func `several files of a source keep their positions apart in one batch`() throws {
    var assembler = assembler(maxTweets: 64)
    var scripts = [Script(inode: 5), Script(inode: 6)]
    for index in scripts.indices {
      scripts[index].add(Script.tweet(index))
      assembler.add(batch(scripts[index]), source: "s", at: begin)
    }
    assembler.add(batch(scripts[0]), source: "other", at: begin)
    assembler.finish(scripts[0].end, source: "s", at: begin)
    let positions = try some(assembler.flush()).positions
    #expect(positions.count == 3)
    #expect(positions[MicroBatch.FileKey(source: "s", scripts[0].start)] == scripts[0].end)
    #expect(positions[MicroBatch.FileKey(source: "s", scripts[1].start)]?.finished == false)
    #expect(positions[MicroBatch.FileKey(source: "other", scripts[0].start)]?.finished == false)
  }

  @Test func `a forgotten file loses its position, and a new one at its inode gets its own`() throws
  {
    var assembler = assembler(maxTweets: 64)
    var script = Script(inode: 5)
    script.add(Script.tweet(0))
    let key = MicroBatch.FileKey(source: "s", script.start)
    assembler.add(batch(script), source: "s", at: begin)
    assembler.forget(script.end, source: "s", at: begin)
    let first = try some(assembler.flush())
    #expect(first.positions.isEmpty)
    #expect(first.forgotten.keys.contains(key))

    assembler.forget(script.end, source: "s", at: begin)
    assembler.add(batch(script), source: "s", at: begin)
    let second = try some(assembler.flush())
    #expect(second.positions.keys.contains(key))
    #expect(second.forgotten.keys.contains(key))
  }

  @Test func `what is said of a source's end comes with or after its last tweets`() throws {
    var assembler = assembler(maxTweets: 1)
    var script = Script(inode: 5)
    script.add(Script.tweet(0))
    assembler.add(batch(script), source: "s", at: begin)
    assembler.finish(script.end, source: "s", at: begin)
    assembler.finish(source: "s", at: begin)
    let first = try some(assembler.flush())
    let second = try some(assembler.flush())
    #expect(first.finished.isEmpty)
    #expect(second.finished == ["s"])
  }

  @Test func `the deadline is that of the first arrival and ends with the batch`() {
    var assembler = assembler(maxTweets: 2)
    var script = Script(inode: 5)
    script.add(Script.tweet(0))
    #expect(assembler.deadline == nil)
    assembler.add(batch(script), source: "s", at: begin + .milliseconds(50))
    assembler.finish(source: "t", at: begin + .milliseconds(90))
    #expect(assembler.deadline == begin + .milliseconds(250))
    // This one had to wait for its turn behind the other.
    assembler.finish(source: "u", at: begin)
    #expect(assembler.deadline == begin + .milliseconds(200))
    assembler.add(batch(script), source: "s", at: begin + .milliseconds(120))
    #expect(assembler.takeFull() != nil)
    #expect(assembler.deadline == nil)
    assembler.add(batch(script), source: "s", at: begin + .milliseconds(130))
    #expect(assembler.deadline == begin + .milliseconds(330))
    #expect(assembler.flush() != nil)
    #expect(assembler.deadline == nil)
  }

  @Test func `a pause ends with the last arrival, and not after the deadline`() {
    var assembler = BatchAssembler(
      maxTweets: 9, maxWait: .milliseconds(200), maxPause: .milliseconds(30), decoders: [:],
      positions: [:])
    #expect(assembler.pauseEnd == nil)
    assembler.finish(source: "s", at: begin)
    #expect(assembler.pauseEnd == begin + .milliseconds(30))
    assembler.finish(source: "t", at: begin + .milliseconds(25))
    #expect(assembler.pauseEnd == begin + .milliseconds(55))
    // This one had to wait for its turn behind the others.
    assembler.finish(source: "u", at: begin + .milliseconds(10))
    #expect(assembler.pauseEnd == begin + .milliseconds(55))
    assembler.finish(source: "v", at: begin + .milliseconds(190))
    #expect(assembler.pauseEnd == begin + .milliseconds(200))
    #expect(assembler.flush() != nil)
    #expect(assembler.pauseEnd == nil)
    assembler.finish(source: "s", at: begin + .milliseconds(300))
    #expect(assembler.pauseEnd == begin + .milliseconds(330))
  }

  @Test func `records without a tweet fill a batch too`() {
    var assembler = assembler(maxTweets: 1)
    var script = Script(inode: 5)
    for _ in 0..<33 { script.add("", format: .blank) }
    assembler.add(batch(script), source: "s", at: begin)
    var sizes: [Int64] = []
    while let batch = assembler.flush() {
      sizes.append(batch.counters[CounterKey(source: "s", name: "blank")] ?? 0)
    }
    #expect(sizes == [16, 16, 1])
  }

  @Test func `every record is counted, and faults are told with their line`() throws {
    var assembler = assembler(maxTweets: 64)
    var script = Script(inode: 5)
    script.add(Script.tweet(0))
    script.add("", format: .blank)
    script.add("", fault: .cut)
    script.add("{")
    script.add(Script.delete(0))
    script.add(Script.page([Script.tweet(1), Script.withoutText(2)]))
    assembler.add(batch(script), source: "s", at: begin)
    let counters = try some(assembler.flush()).counters
    let expected: [String: Int64] = [
      "records": 6, "decoded": 2, "blank": 1, "undecodable": 3, "notices": 1,
    ]
    #expect(
      counters
        == Dictionary(
          uniqueKeysWithValues: expected.map { (CounterKey(source: "s", name: $0), $1) }))
    let faults = [assembler.takeFaults(), assembler.takeFaults()]
    #expect(faults.map { $0.map(\.line) } == [[3, 4, 6], []])
  }

  @Test func `a flood of faults is counted in full and told in part`() throws {
    var assembler = assembler(maxTweets: 64)
    var script = Script(inode: 5)
    for _ in 0..<500 { script.add("", fault: .stray) }
    assembler.add(batch(script), source: "s", at: begin)
    let counters = try some(assembler.flush()).counters
    #expect(counters[CounterKey(source: "s", name: "undecodable")] == 500)
    let faults = assembler.takeFaults()
    #expect(faults.count == 16)
    #expect(faults.reduce(0) { $0 + $1.count } == 500)
    #expect(faults.last?.line == 500)
  }

  @Test func `a source without positions has none`() throws {
    var assembler = assembler(maxTweets: 2)
    var records = batch(page(of: 5))
    records.start = nil
    assembler.add(records, source: "s", at: begin)
    var count = 0
    while let batch = assembler.flush() {
      #expect(batch.positions.isEmpty)
      count += batch.items.count
    }
    #expect(count == 5)
  }
}
