import Aggregates
import Foundation
import Testing
import Tweets

import Store

/// The stages of a gap in the ledger.
struct GapLedgerTests {
  private let scratch: Scratch
  private let store: AggregateStore

  init() throws {
    scratch = try Scratch()
    store = try AggregateStore(path: scratch.file("e.db"), now: Fixture.now)
  }

  private func gap(
    _ from: Int64, _ to: Int64, _ stage: Gap.Stage, source: String = "s",
    recoveredBy: String = "none", detail: String? = nil
  ) -> Gap {
    Gap(
      source: source, from: Timestamp(seconds: from), to: Timestamp(seconds: to), reason: "stall",
      recoveredBy: recoveredBy, detail: detail, stage: stage)
  }

  private func enter(_ gaps: Gap...) async throws {
    var commit = StoreCommit(arrival: Fixture.now)
    commit.gaps = gaps
    try await store.commit(commit)
  }

  /// The rows as `from-to recovered_by`, in order of time.
  private func rows() throws -> [String] {
    let table = try QueryReader(path: scratch.file("e.db")).gaps()
    return zip(
      zip(table.column("from_time"), table.column("to_time")), table.column("recovered_by")
    ).map { times, recovery in
      "\(seconds(times.0))-\(seconds(times.1)) \(recovery.text ?? "")"
    }
  }

  private func seconds(_ value: ResultTable.Value) -> String {
    value.text.flatMap { Timestamp(rfc3339: $0) }.map { "\($0.seconds)" } ?? "…"
  }

  @Test func `an open gap is a row without an end, and ends in place`() async throws {
    try await enter(gap(100, 101, .open, detail: "HTTP 503"))
    #expect(try rows() == ["100-… none"])
    let open = try #require(try await store.unfinishedGap(of: "s"))
    #expect(open.stage == .open)
    #expect(open.from == Timestamp(seconds: 100))
    #expect(open.detail == "HTTP 503")
    try await enter(gap(100, 160, .filling))
    #expect(try rows() == ["100-160 pending"])
    #expect(try await store.unfinishedGap(of: "s")?.stage == .filling)
    try await enter(gap(100, 160, .settled, recoveredBy: "search"))
    #expect(try rows() == ["100-160 search"])
    #expect(try await store.unfinishedGap(of: "s") == nil)
  }

  @Test func `a stage that is told again after a crash makes no second row`() async throws {
    for _ in 0..<2 { try await enter(gap(100, 101, .open)) }
    for end in [150, 160] as [Int64] { try await enter(gap(100, end, .filling)) }
    #expect(try rows() == ["100-160 pending"])
    // Two parts were being filled; the next connection asks for all of it again.
    try await enter(gap(160, 170, .filling))
    #expect(try rows() == ["100-160 pending", "160-170 pending"])
    try await enter(gap(100, 200, .filling))
    #expect(try rows() == ["100-200 pending"])
    try await enter(gap(100, 200, .settled, recoveredBy: "backfill"), gap(300, 310, .settled))
    #expect(try rows() == ["100-200 backfill", "300-310 none"])
  }

  @Test func `other rows and other sources are left alone`() async throws {
    try await enter(gap(120, 130, .single), gap(120, 125, .open, source: "t"))
    try await enter(gap(100, 101, .open), gap(110, 115, .single))
    // A break while an older one is being filled is open beside it.
    try await enter(gap(50, 60, .filling))
    try await enter(gap(50, 60, .settled))
    #expect(
      try rows() == ["50-60 none", "100-… none", "110-115 none", "120-130 none", "120-… none"])
    try await enter(gap(100, 140, .settled))
    #expect(try rows().contains("100-140 none"))
  }

  @Test func `gaps of sources that are not read any more are ended`() async throws {
    try await enter(gap(100, 101, .open), gap(200, 210, .filling, source: "t"))
    try await store.endGaps(except: ["t"], at: Timestamp(seconds: 500))
    #expect(try rows() == ["100-500 none", "200-210 pending"])
  }

  @Test func `an open gap is asked for by any time after its beginning`() async throws {
    try await enter(gap(100, 101, .open))
    let reader = try QueryReader(path: scratch.file("e.db"))
    #expect(try reader.gaps(since: Timestamp(seconds: 4000)).rows.count == 1)
    #expect(try reader.gaps(until: Timestamp(seconds: 50)).rows.isEmpty)
    #expect(try reader.statusInputs().gaps.last?.stage == .open)
  }

  @Test func `listening since is noted once, and moves with the first commit`() async throws {
    try await store.listen("s", host: "h", since: Timestamp(seconds: 7))
    try await store.listen("s", host: "h", since: Timestamp(seconds: 9))
    #expect(
      try await store.stream(of: "s") == StreamPosition(host: "h", time: Timestamp(seconds: 7)))
  }

  @Test func `the gaps of an older database stay`() async throws {
    let path = scratch.file("old.db")
    try VersionOne.make(at: path)
    try Fixture.change(
      path, "INSERT INTO gap VALUES (NULL, 's', 1000, 2000, 'shutdown', 'none', 4)")
    let store = try AggregateStore(path: path, now: Fixture.now)
    #expect(
      try await store.gaps() == [
        Gap(
          source: "s", from: Timestamp(seconds: 1), to: Timestamp(seconds: 2), reason: "shutdown",
          tweets: 4)
      ])
    try await store.close()
  }
}
