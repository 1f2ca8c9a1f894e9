import Pipeline
import Testing
import Tweets

struct StorePauseTests {
  private let begin = ContinuousClock.now
  private let time = Timestamp(seconds: 1_800_000_000)

  /// The phrases that failures at these seconds are told with.
  private func phrases(
    _ pause: inout StorePause, isLocked: Bool, at seconds: [Double]
  ) -> [String] {
    seconds.compactMap { second in
      pause.fails("the cause", isLocked: isLocked, at: begin + .seconds(second))?.phrase
    }
  }

  @Test func `a lock of a moment is worth no word`() {
    var pause = StorePause()
    pause.begin(at: begin, time)
    let told = phrases(&pause, isLocked: true, at: [0, 0.5, 1.9])
    #expect(told == [])
    let end = pause.end(isWell: true, at: begin + .seconds(2))
    #expect(end.isOver)
    #expect(end.words == nil)
  }

  @Test func `a lock that lasts is told once, and once more when it is over`() {
    var pause = StorePause()
    pause.begin(at: begin, time)
    let early = phrases(&pause, isLocked: true, at: [0, 1])
    pause.begin(at: begin + .seconds(1), time)  // another call of the store
    let words = pause.fails("busy", isLocked: true, at: begin + .seconds(2))
    let late = phrases(&pause, isLocked: true, at: [3, 4, 30])
    #expect(early + late == [])
    #expect(words?.phrase == "the database is locked by another program")
    #expect(words?.fields.first?.1 == "2027-01-15T08:00:00Z")
    let first = pause.end(isWell: true, at: begin + .seconds(30))
    #expect(!first.isOver)
    let end = pause.end(isWell: true, at: begin + .seconds(31))
    #expect(end.words?.phrase == "the database is free again")
    #expect(end.words?.fields.first?.1 == "31")
    // The next one is told anew.
    pause.begin(at: begin + .seconds(60), time)
    let next = phrases(&pause, isLocked: true, at: [60, 62])
    #expect(next.count == 1)
  }

  @Test func `any other failure is told at once, and one that was given up is not over`() {
    var pause = StorePause()
    pause.begin(at: begin, time)
    let told = phrases(&pause, isLocked: false, at: [0, 1])
    #expect(told == ["store paused"])
    let end = pause.end(isWell: false, at: begin + .seconds(1))
    #expect(end.words == nil)
  }
}
