import Foundation
import Ingest
import Store
import Tweets

/// What `elmond doctor` looks at for a live source: its token, its stream, its last recovery.
struct LiveExamination {
  let source: Settings.Source
  let database: String

  func run(with examination: inout Examination) {
    let token = SourceFactory.token(of: source, environment: ProcessInfo.processInfo.environment)
    guard examineToken(token, with: &examination) else { return }
    for (server, check) in checks(token) {
      examination.look(at: "network") {
        try words(of: check(), server)
      }
    }
    examineRecovery(with: &examination)
  }

  /// True when the token can be read, or none is needed.
  private func examineToken(
    _ token: SecretFile?, with examination: inout Examination
  ) -> Bool {
    var needsToken = false
    if case .x = source.kind { needsToken = true }
    guard token != nil || needsToken else { return true }
    examination.look(at: "token") {
      guard let token else { throw SourceFactory.missingToken(of: source) }
      do throws(IngestError) { _ = try token.read() } catch {
        throw CommandFailure(ingest: error)
      }
      try DoctorCommand.checkMode(of: token)
      return ((), "\(source.name): \(token.path) holds one")
    }
    return token.map { (try? $0.read()) != nil } ?? false
  }

  /// The requests that `elmond run` makes, by what to call them.
  private func checks(
    _ token: SecretFile?
  ) -> [(server: String, check: () -> StreamCheck.Finding)] {
    let options = SourceFactory.options(of: source)
    switch source.kind {
    case .x(let x):
      guard let token else { return [] }
      let stream = SourceFactory.options(of: x, token: token, budget: nil)
      return [(x.url, { StreamCheck.x(stream, options) })]
    case .mastodon(let server, let stream):
      let mastodon = MastodonOptions(server: server, stream: stream, token: token)
      return [(server, { StreamCheck.mastodon(mastodon, options) })]
    case .jetstream(let jetstream):
      return jetstream.servers.map { server in
        (server, { StreamCheck.jetstream(jetstream, server: server, options) })
      }
    case .http(let url, _, let idle):
      let endpoint = HTTPStreamSource.Endpoint(url: url, token: token, patience: idle)
      return [(String(url.prefix { $0 != "?" }), { StreamCheck.http(endpoint, options) })]
    case .file, .directory, .stdin, .replay: return []
    }
  }

  private func words(
    of finding: StreamCheck.Finding, _ server: String
  ) throws -> (Void, String) {
    switch finding {
    case .opens:
      return ((), "\(source.name): \(server): the stream opens (closed again, nothing counted)")
    case .busy(let words):
      return (
        (),
        "\(source.name): \(server): the token is good, and a connection is open already (\(words))"
      )
    case .refused(let words, let remedy):
      throw CommandFailure(
        "\(source.name): \(server): \(words)",
        remedy: remedy ?? "check the address and the token in the settings", code: .unavailable)
    case .unreachable(let words):
      throw CommandFailure(
        "\(source.name): \(server): \(words)",
        remedy: "check name service, route and firewall; behind a proxy set https_proxy",
        code: .unavailable)
    }
  }

  /// What the ledger says of the newest gap that should have been filled and was not.
  private func examineRecovery(with examination: inout Examination) {
    guard FileManager.default.fileExists(atPath: database),
      let gaps = try? DatabaseOption.read(database, { try $0.statusInputs().gaps }),
      let gap = gaps.last(where: { $0.source == source.name }), let detail = gap.detail,
      gap.recoveredBy == "none"
    else { return }
    examination.look(at: "recovery") { () throws -> (Void, String) in
      let end = gap.stage == .open ? "now" : "\(gap.to)"
      throw CommandFailure(
        "\(source.name): the gap from \(gap.from) until \(end) is not filled: \(detail)",
        remedy: "see `elmond query gaps`", code: .unavailable)
    }
  }
}
