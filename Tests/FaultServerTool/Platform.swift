import ArgumentParser
import FaultServer
import Foundation

/// Whose protocol the server speaks.
enum Platform: String, ExpressibleByArgument, Sendable {
  case x, http, mastodon, jetstream

  func serve(_ play: Play, on server: FaultServer) {
    switch self {
    case .x:
      for path in ["/2/tweets/search/stream", "/2/tweets/sample/stream"] {
        server.handle(path) { play.lines(for: $0, $1, isX: true) }
      }
      let rules = RuleBook()
      server.handle("/2/tweets/search/stream/rules") { request, connection in
        if play.isAllowed(request, connection) { rules.answer(request, connection) }
      }
    case .http: server.handle("/stream") { play.lines(for: $0, $1, isX: false) }
    case .mastodon:
      server.handle("/api/v1/streaming/public") { play.events(for: $0, $1) }
      server.handle("/api/v1/timelines/public") { play.timeline(for: $0, $1) }
    case .jetstream: server.handle("/subscribe") { play.frames(for: $0, $1) }
    }
  }
}
