import Ingest
import Testing
import Tweets

@Suite struct LinkTests {
  private static let begin = ContinuousClock.now
  private static let wall = Timestamp(seconds: 1_800_000_000)

  private func link(jitter: Double = 0, budget: ConnectBudget = ConnectBudget()) -> Link {
    Link(patience: .seconds(22), now: Self.begin, budget: budget, jitter: { jitter })
  }

  private func at(_ milliseconds: Int) -> ContinuousClock.Instant {
    Self.begin + .milliseconds(milliseconds)
  }

  @Test func `a new link connects at once`() {
    #expect(link().action(at: at(0)) == .connect)
  }

  @Test func `a stream without a line for 22 s is given up, to the millisecond`() {
    var link = link()
    link.connecting(at: at(0))
    #expect(link.action(at: at(21_999)) == .read)
    let isFirst = [link.heard(at: at(1000)), link.heard(at: at(2000))]
    #expect(isFirst == [true, false])
    #expect(link.action(at: at(23_999)) == .read)
    #expect(link.action(at: at(24_000)) == .giveUp)
  }

  @Test func `a server that answers and sends nothing is given up too`() {
    var link = link()
    link.connecting(at: at(0))
    #expect(link.action(at: at(22_000)) == .giveUp)
  }

  @Test func `a failure is waited out, and no longer`() {
    var link = link()
    link.connecting(at: at(0))
    let wait = link.failed(.unavailable, at: at(100), wall: Self.wall)
    #expect(wait == .seconds(5))
    #expect(link.action(at: at(5099)) == .wait(.milliseconds(1)))
    #expect(link.action(at: at(5100)) == .connect)
  }

  @Test func `jitter makes a wait longer by a tenth at most, never shorter`() {
    for (jitter, expected) in [(0.0, 5000), (0.5, 5250), (1.0, 5500)] {
      var link = link(jitter: jitter)
      let wait = link.failed(.unavailable, at: at(0), wall: Self.wall)
      #expect(wait == .milliseconds(expected))
    }
  }

  @Test
  func
    `a stream that was good is asked for again at once, one that was not waits longer each time`()
  {
    var link = link()
    var now = 0
    var waits: [Duration] = []
    for life in [30_000, 100, 100, 100, 30_000, 100] {
      link.connecting(at: at(now))
      link.heard(at: at(now))
      now += life
      let wait = link.failed(.dropped, at: at(now), wall: Self.wall)
      waits.append(wait)
      now += 20_000
    }
    #expect(waits == [0, 0, 250, 500, 0, 0].map { .milliseconds($0) })
  }

  @Test func `an outage of the network is no reason to wait for longer than its curve`() {
    var link = link()
    var now = 0
    for attempt in 1...500 {
      #expect(link.action(at: at(now)) == .connect)
      link.connecting(at: at(now))
      let wait = link.failed(.network, at: at(now), wall: Self.wall)
      #expect(wait == .milliseconds(min(250 * attempt, 16_000)))
      now += min(250 * attempt, 16_000)
    }
  }

  @Test func `a server that takes and drops us at once is asked 50 times in a quarter of an hour`()
  {
    var link = link()
    var connects = 0
    for second in 0..<900 {
      while link.action(at: at(second * 1000)) == .connect {
        link.connecting(at: at(second * 1000))
        link.heard(at: at(second * 1000))
        link.failed(.dropped, at: at(second * 1000), wall: Self.wall)
        connects += 1
      }
    }
    #expect(connects == 50)
    #expect(link.action(at: at(899_999)) == .wait(.milliseconds(1)))
    #expect(link.action(at: at(900_000)) == .connect)
  }
}
