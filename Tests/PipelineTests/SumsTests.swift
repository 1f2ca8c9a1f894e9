import Aggregates
import Pipeline
import Testing
import Tweets

/// The counters add up whatever happens.
@Suite(.timeLimit(.minutes(2)))
struct SumsTests {
  @Test(arguments: 0..<12)
  func `after random batches, edits, deletes, duplicates and a restart`(seed: UInt64) async {
    var random = SeededGenerator(seed: seed &* 7919 &+ 3)
    let (scripts, expected) = Script.mixed(seed: seed, files: 4, records: 30)
    let maxTweets = Int.random(in: 1...64, using: &random)
    let crash = Int.random(in: 0...6, using: &random)
    let first = FakeStore(crashAfter: crash)
    let bench = Bench([FakeSource(scripts: scripts)], store: first, maxTweets: maxTweets)
    _ = await bench.outcome()
    #expect(first.kept.faultsOfSums == [], "seed \(seed), after \(crash) commits")
    let second = FakeStore(first.kept)
    let rest = Bench([FakeSource(scripts: scripts, positions: first.kept.positions)], store: second)
    #expect(await rest.outcome() == nil)
    #expect(second.kept.faultsOfSums == [], "seed \(seed), after the restart")
    #expect(second.kept.tweets == expected.alive, "seed \(seed)")
  }

  @Test func `headers and heartbeats are not records, and what holds nothing is blank`() async {
    var script = Script(inode: 5)
    script.add("id,text", format: .blank, frame: .header)
    script.add("", format: .blank, frame: .heartbeat)
    script.add("", format: .blank)
    script.add("  ", format: .json)
    script.add(Script.tweet(1))
    let bench = Bench([FakeSource(scripts: [script])])
    #expect(await bench.outcome() == nil)
    let kept = bench.store.kept
    #expect(kept.counter("records") == 3)
    #expect(kept.counter("blank") == 2)
    #expect(kept.counter("heartbeats") == 1)
    #expect(kept.faultsOfSums == [])
    #expect(kept.positions.values.contains(script.end))
  }
}
