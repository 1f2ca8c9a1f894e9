import Aggregates
import Testing
import Tweets

@Suite struct DedupKeyTests {
  private let early = Timestamp(seconds: 1_700_000_000)
  private let late = Timestamp(seconds: 1_800_000_000)

  /// The days under which an id is kept when it comes at either time.
  private func days(_ namespace: String, _ id: String) -> [Int32] {
    [early, late].map { DedupKey(namespace: namespace, id: id, time: $0).day }
  }

  @Test(arguments: [
    // A record's key that is a timestamp of 2024-09-09.
    ("bluesky", "did:plc:a/3l3qo2vuowo2b", 19_975), ("bluesky", "did:plc:a/self", 0),
    // Timestamps of 1970 and of 2255.
    ("bluesky", "did:plc:a/2222222222222", 0), ("bluesky", "did:plc:a/7zzzzzzzzzzzz", 0),
    ("bluesky", "3l3qo2vuowo2b", 19_975), ("bluesky", "did:plc:a/", 0), ("bluesky", "", 0),
    // An id of Mastodon of 2024-08-21, a short one of 2016, one of Pleroma, one too great.
    ("mastodon", "a.b/113000000000000077", 19_956),
    ("mastodon", "a.b:8443/113000000000000077", 19_956),
    ("mastodon", "a.b/1234567", 0), ("mastodon", "a.b/Al2kQbzmOkcM7uHfQ0", 0),
    ("mastodon", "a.b/", 0),
    ("mastodon", "a.b/9223372036854775807", 0), ("mastodon", "a.b/92233720368547758070", 0),
    ("x", "1832000000000000000", 19_972),
  ])
  func `an id that tells its day has it whenever it comes`(
    namespace: String, id: String, day: Int32
  ) {
    #expect(days(namespace, id) == [day, day])
  }

  @Test(arguments: [
    ("mastodon", "https://a.b/users/ann/statuses/113000000000000077"), ("forum", "17"), ("x", "20"),
  ])
  func `an id that tells nothing has the day of its tweet`(namespace: String, id: String) {
    #expect(days(namespace, id) == [19_675, 20_833])
  }

  @Test func `creation, edit and delete of one post have one key`() throws {
    let id = "did:plc:a/3l3qo2vuowo2b"
    let post = Tweet(namespace: "bluesky", id: id, hasStableID: true, text: "", createdAt: early)
    let key = try #require(DedupKey(tweet: post, arrival: late))
    #expect(key == DedupKey(namespace: "bluesky", id: id, time: late))
    var status = Tweet(
      namespace: "mastodon", id: "7", chain: "https://a.b/7", alias: "a.b/7", hasStableID: true,
      text: "", createdAt: early)
    #expect(
      DedupKey(aliasOf: status, arrival: late)
        == DedupKey(namespace: "mastodon", id: "a.b/7", time: late))
    status.alias = nil
    #expect(DedupKey(aliasOf: status, arrival: late) == nil)
  }

  @Test func `no version reaches that of a deleted tweet`() {
    #expect(DedupKey.version(of: Tweet(version: .max, text: "")) == .max - 1)
    #expect(DedupKey.version(of: Tweet(id: "9223372036854775807", text: "")) == .max - 1)
    #expect(DedupKey.version(of: Tweet(id: "7", version: 3, text: "")) == 3)
  }
}
