import Ingest
import Testing

/// Addresses as people write them.
@Suite struct ServerAddressTests {
  @Test(arguments: [
    "https://api.x.com", "https://api.x.com/", "https://api.x.com/2", "https://api.x.com/2/",
    "https://api.x.com/2/tweets/search/stream", "https://api.x.com/2/tweets/search/stream/rules",
    "https://api.x.com//",
  ])
  func `X is its API`(text: String) throws {
    #expect(try ServerAddress.x(text) == "https://api.x.com")
  }

  @Test(arguments: [
    "https://m.example", "https://m.example/", "https://m.example/api/v1/streaming/public",
    "https://m.example/api/v1/streaming/", "wss://m.example/api/v1/streaming/public/",
    "https://m.example/api/v2/instance",
  ])
  func `Mastodon is its server`(text: String) throws {
    #expect(try ServerAddress.mastodon(text) == "https://m.example")
  }

  @Test(arguments: [
    "wss://j.example", "https://j.example/", "wss://j.example/subscribe",
    "https://j.example/subscribe/", "wss://j.example//",
  ])
  func `Jetstream is its server`(text: String) throws {
    #expect(try ServerAddress.jetstream(text, version: .v1) == "https://j.example")
  }

  @Test func `paths of a proxy and addresses of documents stay`() throws {
    #expect(try ServerAddress.x("http://127.0.0.1:80/x/2") == "http://127.0.0.1:80/x")
    #expect(
      try ServerAddress.jetstream("wss://p.example/sky/subscribe", version: .v1)
        == "https://p.example/sky")
    #expect(
      try ServerAddress.jetstream(
        "https://j.example/xrpc/network.bsky.jetstream.subscribeEvents", version: .v2)
        == "https://j.example")
    #expect(try ServerAddress.http("https://e.example/s/?a=b") == "https://e.example/s/?a=b")
  }

  @Test(arguments: [
    ("https://x.com", "https://api.x.com"),
    ("https://api.twitter.com/1.1/statuses/filter.json", "https://api.x.com"),
    ("https://api.x.com/2/tweets/search/stream?tweet.fields=lang", "https://api.x.com"),
    ("http://api.x.com", "found \"http://api.x.com\""), ("api.x.com", "found \"api.x.com\""),
    ("https://me:canary@api.x.com", "one with a user in it"),
    ("https://me:canary@api.x.com?a", "https://api.x.com"),
  ])
  func `what X is not`(text: String, advice: String) {
    let error = #expect(throws: ServerAddress.Refusal.self) { try ServerAddress.x(text) }
    #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("canary") == false)
  }

  @Test(arguments: [
    (
      "https://m.example/api/v1/streaming/public/local",
      "write url = \"https://m.example\" and stream = \"local\""
    ),
    (
      "https://m.example/api/v1/streaming/hashtag?tag=x",
      "write url = \"https://m.example\" and hashtag = \"…\""
    ),
    ("https://m.example/@somebody", "write url = \"https://m.example\""),
    ("wss://m.example/api/v1/streaming?stream=public", "write \"https://m.example\""),
  ])
  func `what is more than a server of Mastodon`(text: String, advice: String) {
    let error = #expect(throws: ServerAddress.Refusal.self) { try ServerAddress.mastodon(text) }
    #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("wss://j.example/subscribe?wantedCollections=app.bsky.feed.post", "write \"wss://j.example\""),
    ("https://j.example/xrpc/network.bsky.jetstream.subscribeEvents", "set version = \"v2\""),
    ("ftp://j.example", "found \"ftp://j.example\""),
    ("ws://j.example", "expected an https address"),
  ])
  func `what is no server of Jetstream of this version`(text: String, advice: String) {
    let error = #expect(throws: ServerAddress.Refusal.self) {
      try ServerAddress.jetstream(text, version: .v1)
    }
    #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
  }
}
