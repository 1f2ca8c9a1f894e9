import Aggregates
import Store
import Testing
import Tweets

/// The table of files: what batches add, and what goes when there are too many.
@Suite struct FileRowTests {
  private func tally(
    _ path: String, tweets: Int64, at seconds: Int64? = nil, anew: Bool = false,
    state: FileState = .reading
  ) -> FileTally {
    var tally = FileTally(source: "s", path: path)
    tally.facts = FileFacts(format: "json", encoding: "", container: "gzip")
    tally.records = tweets
    for _ in 0..<tweets { tally.count(tweetAt: seconds.map { Timestamp(seconds: $0) }) }
    tally.startsAnew = anew
    tally.state = state
    return tally
  }

  private func rows(_ path: String) throws -> [String] {
    try Fixture.texts(
      path,
      """
      SELECT path || ' ' || state || ' ' || tweets || ' ' || coalesce(first_time, '-') || ' '
        || coalesce(last_time, '-') FROM files
      """)
  }

  @Test func `batches add up, and a file that begins anew begins at zero`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = StoreCommit(arrival: Fixture.now)
    commit.files = [tally("/a", tweets: 2, at: 1_000_000, anew: true)]
    try await store.commit(commit)
    commit.files = [tally("/a", tweets: 3, at: 500_000), tally("/b", tweets: 0, state: .refused)]
    try await store.commit(commit)
    #expect(
      try rows(path) == [
        "/a reading 5 1970-01-06T18:53:20Z 1970-01-12T13:46:40Z", "/b refused 0 - -",
      ])
    commit.files = [tally("/a", tweets: 1, anew: true, state: .finished)]
    try await store.commit(commit)
    #expect(try rows(path).first == "/a finished 1 - -")
    #expect(try QueryReader(path: path).files(source: "s").rows.count == 2)
    #expect(try QueryReader(path: path).files(source: "other").rows.isEmpty)
  }

  @Test func `a database of version 1 says what to do`() throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    try VersionOne.make(at: path)
    let error = #expect(throws: StoreError.self) { try QueryReader(path: path).files() }
    #expect(error?.remedy == "let this elmond's daemon open it once")
  }
}
