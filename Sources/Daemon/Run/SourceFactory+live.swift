import Foundation
import Ingest
import Pipeline
import Store
import TweetText
import Tweets

extension SourceFactory {
  /// Opens a live source where it was left. A server that cannot be reached does not delay the start; a token that
  /// is not there refuses it.
  func openLive(_ source: Settings.Source) async throws -> any KeptSource {
    let position = try await store.stream(of: source.name)
    let unfinished = try await store.unfinishedGap(of: source.name)
    if position == nil {
      try await store.listen(source.name, host: source.kind.host, since: WallClock.now)
    }
    let options = SourceFactory.options(of: source)
    let token = SourceFactory.token(
      of: source, environment: ProcessInfo.processInfo.environment)
    do { _ = try token?.read() } catch let error { throw CommandFailure(ingest: error) }
    let shed = OverloadPolicy.shed(
      OverloadPolicy.Limits(
        records: source.backlog.records, bytes: source.backlog.bytes,
        patience: source.backlog.patience))
    switch source.kind {
    case .x(let x):
      guard let token else { throw SourceFactory.missingToken(of: source) }
      var spent: [Int64: Int64] = [:]
      if x.postsPerDay != nil || x.postsPerMonth != nil {
        let today = PostBudget.day(of: WallClock.now)
        spent = try await store.spent(by: source.name, since: today - 31)
      }
      let budget =
        x.postsPerDay == nil && x.postsPerMonth == nil
        ? nil : PostBudget(perDay: x.postsPerDay, perMonth: x.postsPerMonth, spent: spent)
      let stream = SourceFactory.options(of: x, token: token, budget: budget)
      return IngestSource(
        XSource(
          name: source.name, x: stream, options: options, position: position,
          unfinished: unfinished),
        name: source.name, overload: shed, ends: false)
    case .mastodon(let server, let stream):
      let mastodon = MastodonOptions(server: server, stream: stream, token: token)
      return IngestSource(
        MastodonSource(
          name: source.name, mastodon: mastodon, options: options, position: position,
          unfinished: unfinished),
        name: source.name, overload: shed, ends: false)
    case .jetstream(let jetstream):
      // It waits: what is not taken now is asked for again, with the cursor.
      return IngestSource(
        JetstreamSource(
          name: source.name, jetstream: jetstream, options: options, position: position,
          unfinished: unfinished),
        name: source.name, ends: false)
    case .http(let url, _, let idle):
      let endpoint = HTTPStreamSource.Endpoint(url: url, token: token, patience: idle)
      return IngestSource(
        HTTPStreamSource(
          name: source.name, endpoint: endpoint, options: options, position: position,
          unfinished: unfinished),
        name: source.name, overload: shed, ends: false)
    case .file, .directory, .stdin, .replay:
      preconditionFailure("source \(source.name) is not live: open opens it")
    }
  }

  /// How a live source makes its requests and what one record of it may cost.
  static func options(of source: Settings.Source) -> LiveOptions {
    LiveOptions(
      network: NetworkOptions(
        userAgent: "elmond/\(Version.current)", authorities: source.authorities),
      frame: FrameLimits(recordBytes: source.maxLine))
  }

  /// What is read of X.
  static func options(of x: Settings.X, token: SecretFile, budget: PostBudget?) -> XOptions {
    XOptions(
      stream: x.stream, partition: x.partition, base: x.url, token: token, recovery: x.recover,
      budget: budget)
  }

  /// Where a source's token lies: `token_file`, or the service manager's credential of the source's name.
  static func token(
    of source: Settings.Source, environment: [String: String]
  ) -> SecretFile? {
    if let path = source.tokenFile { return SecretFile(path: path) }
    guard let folder = environment["CREDENTIALS_DIRECTORY"], !folder.isEmpty else { return nil }
    let path = folder + "/" + source.name
    return FileManager.default.fileExists(atPath: path) ? SecretFile(path: path) : nil
  }

  /// What is wrong with the token's file of a source, though the source can be read.
  static func warnings(
    of source: Settings.Source
  ) -> [(message: String, fields: [String: String])] {
    let token = SourceFactory.token(
      of: source, environment: ProcessInfo.processInfo.environment)
    guard let token, let exposure = token.exposure else { return [] }
    return [
      (
        "the token is not secret",
        [
          "source": source.name, "path": token.path,
          "reason": "\(exposure); chmod 640 \(token.path)",
        ]
      )
    ]
  }

  /// Whose documents a source delivers.
  static func shape(of source: Settings.Source) -> TweetShape {
    switch source.kind {
    case .file, .directory, .stdin, .replay:
      source.fields.shape(namespace: "source/\(source.name)", sharesIDs: true)
    case .x: .automatic
    case .mastodon(let server, _): .mastodon(host: URLText.host(of: server) ?? source.name)
    case .jetstream: .jetstream
    case .http(_, let fields, _):
      fields.shape(namespace: "source/\(source.name)", sharesIDs: false)
    }
  }

  static func missingToken(of source: Settings.Source) -> CommandFailure {
    CommandFailure(
      "source \(source.name): X asks for a bearer token, and there is none",
      remedy: "set token_file, or LoadCredential=\(source.name):FILE in the unit",
      code: .configuration)
  }
}
