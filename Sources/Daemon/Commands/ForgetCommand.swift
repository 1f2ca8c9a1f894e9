import ArgumentParser
import Foundation
import Store
import Tweets

/// `elmond forget`: takes counts out of the database again, after a mistake in a setting for instance.
struct ForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Takes the counts of a source, or of a part of it, out of the database.",
    discussion: """
      Without --yes it prints what would go and changes nothing. The files of a whole source are read again by the next \
      start unless --keep-position is given; after --since or --until they are not. The daemon must not run.
      """)

  @OptionGroup var database: DatabaseOption
  @Option(help: "The source's name.") var source: String
  @Option(help: "From this minute on: RFC 3339, YYYY-MM-DD, or an age such as 24h, 7d.")
  var since: String?
  @Option(help: "Before this minute.") var until: String?
  @Flag(help: "Do not read the files again.") var keepPosition = false
  @Flag(help: "Take them out; without it the command only says what would go.") var yes = false

  func run() async throws {
    let now = WallClock.now
    let what = Forgetting(
      source: source, since: try since.map { try minute($0, "--since", now) },
      until: try until.map { try minute($0, "--until", now) },
      keepsPosition: keepPosition)
    if let since = what.since, let until = what.until, until <= since {
      throw CommandFailure("--until lies before --since", code: .usage)
    }
    let path = try database.path()
    try DatabaseCommand.requireFile(path)
    do {
      let store = try AggregateStore(path: path, now: now)
      let outcome: Result<ForgetResult, StoreError>
      do throws(StoreError) {
        outcome = .success(try await store.forget(what, isTrial: !yes))
      } catch {
        outcome = .failure(error)
      }
      try await store.close()
      StandardStream.output.write(text(try outcome.get()))
    } catch {
      throw CommandFailure(store: error)
    }
    if !yes { StandardStream.error.say("elmond: nothing was changed; --yes takes them out") }
  }

  private func minute(_ text: String, _ flag: String, _ now: Timestamp) throws -> Timestamp {
    let time = try PointInTime.parse(text, flag: flag, now: now, zone: nil)
    return Timestamp(seconds: Timestamp.floorDivide(time.seconds, 60) * 60)
  }

  private func text(_ result: ForgetResult) -> String {
    var text = "\(source): \(result.tweets) tweets in \(result.rows) rows"
    if let first = result.first, let last = result.last { text += ", \(first) to \(last)" }
    return text + "\nkeys of seen tweets: \(result.keys), files to read again: \(result.files)\n"
  }
}
