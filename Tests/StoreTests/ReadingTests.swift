import Testing
import Tweets

import Store

struct ReadingTests {
  @Test func `readings are stored outside a batch and leave the last commit alone`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit()
    commit.health = ["latency_seconds": 1]
    try await store.commit(commit)
    let later = Timestamp(seconds: Fixture.now.seconds + 60)
    try await store.record(health: ["queue_length": 7, "bad": .nan], at: later)
    try await store.record(health: [:], at: later)
    let inputs = try await store.statusInputs()
    #expect(
      inputs.health == [
        "latency_seconds": 1, "queue_length": 7,
        "last_commit_seconds": Double(Fixture.now.seconds),
      ])
    #expect(inputs.lastCommit == Fixture.now)
    #expect(
      try Fixture.texts(path, "SELECT time FROM health WHERE name = 'queue_length'")
        == ["2027-01-15T08:01:00Z"])
  }
}
