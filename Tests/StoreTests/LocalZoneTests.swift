import Aggregates
import Testing
import Tweets

import Store

struct LocalZoneTests {
  /// Every minute of a span of UTC gets one tweet; the local buckets and their tweets come back.
  private func buckets(
    _ granularity: Granularity, _ zone: String, from: String, to: String, since: String? = nil,
    until: String? = nil
  ) async throws -> [String] {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    let from = try #require(Timestamp(rfc3339: from)).seconds
    let to = try #require(Timestamp(rfc3339: to)).seconds
    var rows: [AggregateKey: AggregateValue] = [:]
    for minute in stride(from: from, to: to, by: 60) {
      rows.merge(Fixture.rows(at: minute, .positive, score: 1_000_000)) { $1 }
    }
    try await store.commit(Fixture.commit(rows))
    let local = try #require(LocalZone(identifier: zone))
    let table = try QueryReader(path: path).buckets(
      granularity, since: since.flatMap { Timestamp(rfc3339: $0) },
      until: until.flatMap { Timestamp(rfc3339: $0) }, topic: "all",
      zone: local)
    return zip(table.column("bucket"), table.column("tweets")).map { bucket, tweets in
      "\(bucket.text ?? "?") \(tweets.integer ?? -1)"
    }
  }

  @Test func `hours of Kathmandu begin at a quarter past those of UTC`() async throws {
    let found = try await buckets(
      .hourly, "Asia/Kathmandu", from: "2026-11-22T00:00:00Z", to: "2026-11-22T02:00:00Z")
    #expect(
      found == [
        "2026-11-22T05:00:00+05:45 15", "2026-11-22T06:00:00+05:45 60",
        "2026-11-22T07:00:00+05:45 45",
      ])
  }

  @Test func `days of Kathmandu begin at its midnight`() async throws {
    let found = try await buckets(
      .daily, "Asia/Kathmandu", from: "2026-11-21T00:00:00Z", to: "2026-11-23T00:00:00Z")
    #expect(
      found == [
        "2026-11-21T00:00:00+05:45 1095", "2026-11-22T00:00:00+05:45 1440",
        "2026-11-23T00:00:00+05:45 345",
      ])
  }

  @Test func `a day of Berlin has 23 hours in spring and 25 in autumn`() async throws {
    let spring = try await buckets(
      .daily, "Europe/Berlin", from: "2026-03-28T00:00:00Z", to: "2026-03-31T00:00:00Z",
      since: "2026-03-28T12:00:00Z", until: "2026-03-29T12:00:00Z")
    #expect(spring == ["2026-03-29T00:00:00+01:00 1380"])
    let autumn = try await buckets(
      .daily, "Europe/Berlin", from: "2026-10-24T00:00:00Z", to: "2026-10-27T00:00:00Z",
      since: "2026-10-24T12:00:00Z", until: "2026-10-25T12:00:00Z")
    #expect(autumn == ["2026-10-25T00:00:00+02:00 1500"])
  }

  @Test func `in spring an hour of Berlin is missing, in autumn one comes twice`() async throws {
    let spring = try await buckets(
      .hourly, "Europe/Berlin", from: "2026-03-29T00:00:00Z", to: "2026-03-29T02:00:00Z")
    #expect(spring == ["2026-03-29T01:00:00+01:00 60", "2026-03-29T03:00:00+02:00 60"])
    let autumn = try await buckets(
      .hourly, "Europe/Berlin", from: "2026-10-25T00:00:00Z", to: "2026-10-25T02:00:00Z")
    #expect(autumn == ["2026-10-25T02:00:00+02:00 60", "2026-10-25T02:00:00+01:00 60"])
  }

  @Test func `Lord Howe moves its clocks by half an hour`() async throws {
    // 4 October 2026, 02:00 (+10:30) becomes 02:30 (+11).
    let spring = try await buckets(
      .hourly, "Australia/Lord_Howe", from: "2026-10-03T14:30:00Z", to: "2026-10-03T17:00:00Z")
    #expect(
      spring == [
        "2026-10-04T01:00:00+10:30 60", "2026-10-04T02:30:00+11:00 30",
        "2026-10-04T03:00:00+11:00 60",
      ])
    // 5 April 2026, 02:00 (+11) becomes 01:30 (+10:30).
    let autumn = try await buckets(
      .hourly, "Australia/Lord_Howe", from: "2026-04-04T14:00:00Z", to: "2026-04-04T16:30:00Z")
    #expect(
      autumn == [
        "2026-04-05T01:00:00+11:00 60", "2026-04-05T01:30:00+10:30 30",
        "2026-04-05T02:00:00+10:30 60",
      ])
    let day = try await buckets(
      .daily, "Australia/Lord_Howe", from: "2026-04-03T00:00:00Z", to: "2026-04-06T00:00:00Z",
      since: "2026-04-04T00:00:00Z", until: "2026-04-05T00:00:00Z")
    #expect(day == ["2026-04-05T00:00:00+11:00 1470"])
  }

  @Test func `grouping by UTC gives exactly the views`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("e.db")
    let store = try AggregateStore(path: path, now: Fixture.now)
    var commit = Fixture.commit(Fixture.aggregates(tweets: 5000, hours: 100))
    commit.watermarks = ["s": Timestamp(seconds: Fixture.now.seconds - 40 * 3600)]
    try await store.commit(commit)
    let reader = try QueryReader(path: path)
    let since = Timestamp(seconds: Fixture.now.seconds - 80 * 3600 - 1234)
    let until = Timestamp(seconds: Fixture.now.seconds - 30 * 3600 - 1234)
    for granularity in Granularity.allCases {
      let views = try reader.buckets(granularity, since: since, until: until)
      let local = try reader.buckets(
        granularity, since: since, until: until, zone: LocalZone(identifier: "UTC"))
      #expect(views.columns == local.columns)
      #expect(views.rows.count == local.rows.count && !views.rows.isEmpty)
      for (a, b) in zip(views.rows, local.rows) {
        for (x, y) in zip(a, b) {
          if let x = x.real, let y = y.real {
            #expect(abs(x - y) < 1.1e-6)
          } else {
            #expect(x == y)
          }
        }
      }
    }
  }

  @Test func `an unknown zone is refused`() {
    #expect(LocalZone(identifier: "Mars/Olympus") == nil)
  }
}
