import Ingest
import Testing
import Tweets

@Suite struct ReconnectTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  private func waits(_ failure: Reconnect.Failure, _ count: Int) -> [Int64] {
    var reconnect = Reconnect()
    return (0..<count).map { _ in reconnect.wait(after: failure, now: Self.now) }
  }

  @Test func `a dropped stream is asked for again at once`() {
    #expect(waits(.dropped, 3) == [0, 0, 0])
  }

  @Test func `network errors wait a quarter of a second more each time, up to 16 s`() {
    let expected = (1...70).map { min(Int64($0) * 250, 16_000) }
    #expect(waits(.network, 70) == expected)
    #expect(waits(.network, 4) == [250, 500, 750, 1000])
    #expect(waits(.network, 65).suffix(2) == [16_000, 16_000])
  }

  @Test func `server errors wait 5 s, doubling up to 320 s`() {
    #expect(
      waits(.unavailable, 9)
        == [5000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 320_000, 320_000])
    #expect(waits(.unavailable, 80).last == 320_000)
  }

  @Test func `a rate limit waits 60 s, doubling`() {
    #expect(
      waits(.rateLimited(reset: nil), 6)
        == [60_000, 120_000, 240_000, 480_000, 960_000, 960_000])
  }

  private static let resets: [[Int64]] = [
    [200_000, 200_000], [30_000, 60_000], [-5000, 60_000], [60_001, 60_001],
    [31_536_000_000, 3_600_000],
  ]

  @Test(arguments: resets)
  func `a rate limit waits at least until the reset, if that is sane`(
    resetAndWait: [Int64]
  ) {
    let time = Timestamp(milliseconds: Self.now.milliseconds + resetAndWait[0])
    #expect(waits(.rateLimited(reset: time), 1) == [resetAndWait[1]])
  }

  @Test func `refused credentials are tried again every quarter of an hour`() {
    #expect(waits(.refused, 3) == [900_000, 900_000, 900_000])
  }

  @Test func `each kind of failure has its own curve, and a good stream begins all anew`() {
    var reconnect = Reconnect()
    func waits(_ failures: [Reconnect.Failure]) -> [Int64] {
      failures.map { reconnect.wait(after: $0, now: Self.now) }
    }
    let mixed = waits([.network, .unavailable, .network, .unavailable])
    #expect(mixed == [250, 5000, 500, 10_000])
    reconnect.established()
    let anew = waits([.network, .unavailable, .rateLimited(reset: nil)])
    #expect(anew == [250, 5000, 60_000])
  }
}
