import Pipeline
import Testing
import Tweets

@Suite struct BacklogTests {
  private let limits = OverloadPolicy.Limits(records: 1000, bytes: 1 << 20)

  private func record(_ number: Int, length: Int = 0) -> Record {
    let text = "{\"data\":{\"id\":\"\(number)\"}}" + String(repeating: " ", count: length)
    return Record(bytes: Array(text.utf8), format: .json, line: number, end: 0)
  }

  private func batch(_ records: [Record]) -> RecordBatch {
    RecordBatch(
      records: records, lines: records.map(\.line), start: nil, path: "stream",
      stream: StreamPosition(host: "h", time: Timestamp(seconds: 1)), spent: records.count)
  }

  /// A backlog whose source has been left alone for as long as its server's patience goes.
  private func sheddingBacklog(_ limits: OverloadPolicy.Limits) -> Backlog {
    var backlog = Backlog(source: "x", limits: limits)
    let now = ContinuousClock.now
    backlog.append(
      batch((0..<limits.records / 2 + 1).map { record($0) }), arrived: now,
      now: Timestamp(seconds: 0))
    _ = backlog.mayRead(at: now)
    _ = backlog.mayRead(at: now + limits.patience)
    return backlog
  }

  private func numbers(_ backlog: inout Backlog) -> [Int] {
    var lines: [Int] = []
    while let message = backlog.first {
      if case .records(let batch, _, _) = message { lines += batch.lines }
      backlog.removeFirst()
    }
    return lines
  }

  @Test func `nothing is dropped while there is room, and the order stays`() {
    var backlog = Backlog(source: "x", limits: limits)
    for start in stride(from: 0, to: 500, by: 50) {
      backlog.append(
        batch((start..<start + 50).map { record($0) }), arrived: .now, now: Timestamp(seconds: 1))
    }
    #expect(!backlog.isShedding)
    let kept = numbers(&backlog)
    #expect(kept == Array(0..<500))
    #expect(backlog.count == 0)
  }

  @Test func `a burst pauses the source until the backlog has emptied to a quarter`() {
    var backlog = Backlog(source: "x", limits: limits)
    let now = ContinuousClock.now
    func add(_ range: Range<Int>) {
      backlog.append(batch(range.map { record($0) }), arrived: now, now: Timestamp(seconds: 1))
    }
    for start in stride(from: 0, to: 500, by: 50) { add(start..<start + 50) }
    let full = [0, 1, 4999].map { backlog.mayRead(at: now + .milliseconds($0)) }
    #expect(full == [false, false, false])
    for _ in 0..<5 { backlog.removeFirst() }
    let half = backlog.mayRead(at: now + .milliseconds(4999))
    #expect(backlog.count == 250 && !half)
    backlog.removeFirst()
    let quarter = backlog.mayRead(at: now + .milliseconds(4999))
    #expect(quarter)
    #expect(!backlog.isShedding)
  }

  @Test
  func `a source that always has more is shed after the patience, one that had no more is not`() {
    for hadNoMore in [false, true] {
      var backlog = Backlog(source: "x", limits: limits)
      let now = ContinuousClock.now
      var number = 0
      func add(_ batches: Int) {
        for _ in 0..<batches {
          backlog.append(
            batch((0..<100).map { record(number + $0) }), arrived: now, now: Timestamp(seconds: 1))
          number += 100
        }
      }
      // From a fifth to three fifths and back once a second: never full for long, and never done.
      add(2)
      for second in 0..<8 {
        add(4)
        _ = backlog.mayRead(at: now + .seconds(second))
        if second < 7 { for _ in 0..<4 { backlog.removeFirst() } }
        _ = backlog.mayRead(at: now + .milliseconds(second * 1000 + 500))
        if hadNoMore { backlog.sourceIsEmpty() }
      }
      backlog.append(
        batch((5000..<6000).map { record($0) }), arrived: now, now: Timestamp(seconds: 1))
      #expect(backlog.isShedding)
      let dropped = backlog.takeEpisode(at: Timestamp(seconds: 1), isStopping: true)?.tweets ?? 0
      // Without shedding only what is more than full is dropped.
      #expect(hadNoMore ? dropped == 600 : dropped > 600)
    }
  }

  @Test func `a backlog that does not empty in time sheds until it has`() {
    var backlog = sheddingBacklog(limits)
    let later = ContinuousClock.now + .seconds(60)
    let isRead = backlog.mayRead(at: later)
    #expect(isRead)
    backlog.append(
      batch((1000..<2000).map { record($0) }), arrived: later, now: Timestamp(seconds: 1))
    #expect(backlog.isShedding)
    _ = numbers(&backlog)
    // Empty: the next burst is waited for again.
    _ = backlog.mayRead(at: later)
    backlog.append(
      batch((0..<600).map { record($0) }), arrived: later, now: Timestamp(seconds: 1))
    let pauses = !backlog.mayRead(at: later)
    #expect(pauses)
  }

  @Test func `a flood keeps a sample, and every record is kept or counted`() {
    var backlog = sheddingBacklog(limits)
    _ = numbers(&backlog)
    for start in stride(from: 0, to: 100_000, by: 100) {
      backlog.append(
        batch((start..<start + 100).map { record($0) }), arrived: .now,
        now: Timestamp(seconds: Int64(start / 10_000)))
    }
    #expect(backlog.isShedding)
    let gap = backlog.takeEpisode(at: Timestamp(seconds: 5), isStopping: true)
    let kept = numbers(&backlog).count
    #expect(kept == 1000)
    #expect(gap?.tweets == 100_000 - kept)
    #expect(gap?.reason == "overload")
    #expect(gap?.to == Timestamp(seconds: 9))
  }

  @Test func `a position waits for the ledger to have what was dropped before it`() {
    var backlog = Backlog(source: "x", limits: OverloadPolicy.Limits(records: 2))
    func add(_ time: Int64) {
      var some = batch([record(1), record(2), record(3)])
      some.stream = StreamPosition(host: "h", time: Timestamp(seconds: time))
      backlog.append(some, arrived: .now, now: Timestamp(seconds: time))
    }
    add(1)
    add(2)
    _ = backlog.takeEpisode(at: Timestamp(seconds: 2), isStopping: true)
    add(3)
    var told: [String] = []
    while let message = backlog.first {
      switch message {
      case .records(let batch, _, _): told.append("\(batch.stream?.time.seconds ?? 0)")
      case .notice(.shed(let gap), _): told.append("shed \(gap.tweets ?? 0)")
      default: break
      }
      backlog.removeFirst()
    }
    #expect(told.prefix(3) == ["0", "shed 4", "2"])
    #expect(!told.dropFirst(3).contains("3"))
  }

  @Test func `what a flood leaves behind is bounded, and its spending is not lost`() {
    var backlog = Backlog(source: "x", limits: limits)
    for start in 0..<100_000 {
      backlog.append(batch([record(start)]), arrived: .now, now: Timestamp(seconds: 1))
    }
    var messages = 0
    var spent = 0
    while let message = backlog.first {
      if case .records(let batch, _, _) = message { spent += batch.spent }
      messages += 1
      backlog.removeFirst()
    }
    #expect(messages <= 1001)
    #expect(spent == 100_000)
  }

  @Test func `bytes are bounded as records are`() {
    var backlog = Backlog(source: "x", limits: limits)
    for number in 0..<100 {
      backlog.append(
        batch([record(number, length: 50_000)]), arrived: .now, now: Timestamp(seconds: 1))
    }
    let kept = numbers(&backlog).count
    #expect(kept <= 21)
  }

  @Test func `half of what comes is kept between half and three quarters, whatever it says`() {
    var backlog = sheddingBacklog(OverloadPolicy.Limits(records: 40_000))
    let before = backlog.count
    backlog.append(
      batch((30_000..<40_000).map { record($0) }), arrived: .now, now: Timestamp(seconds: 1))
    let kept = backlog.count - before
    #expect((4700...5300).contains(kept), "\(kept) of 10000")
  }

  @Test func `an episode is over after ten calm seconds, and told every minute`() {
    var backlog = Backlog(source: "x", limits: OverloadPolicy.Limits(records: 1))
    func flood(at second: Int64) {
      backlog.append(
        batch([record(1), record(2)]), arrived: .now, now: Timestamp(seconds: second))
    }
    flood(at: 100)
    let first = [109_999, 110_000].map {
      backlog.takeEpisode(at: Timestamp(milliseconds: $0))?.tweets
    }
    #expect(first == [nil, 1])
    for second in 200..<259 { flood(at: Int64(second)) }
    let second = [259_999, 260_000].map {
      backlog.takeEpisode(at: Timestamp(milliseconds: $0))?.tweets
    }
    #expect(second == [nil, 118])
    #expect(!backlog.isShedding)
  }
}
