import ELMo
import Foundation
import Pipeline
import ServiceLifecycle
import Store
import Tweets

/// Compares the model and the database with their checksums, once after the start and then once a day, while the daemon
/// does its work.
struct SoundnessService: Service {
  let store: AggregateStore
  let model: LoadedModel
  let log: SentimentLog
  /// What is wrong, for the report and the status line.
  let troubles: Guarded<Troubles>

  /// What was found to be wrong.
  struct Troubles: Sendable {
    var model: String?
    var database: String?
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await checkModel()
        await checkDatabase()
        do { try await Task.sleep(for: .seconds(86_400)) } catch { return }
      }
    }
  }

  private func checkModel() async {
    let model = model
    do {
      try await BlockingWork.run { try model.bundle.verifyChecksums() }
      try? await store.note(refusedModel: nil)
    } catch {
      troubles.withLock { $0.model = "\(error)" }
      log.state("the model is damaged or was changed", ["reason": "\(error)"], level: .error)
      try? await store.note(refusedModel: model.identity)
    }
  }

  private func checkDatabase() async {
    let path = store.path
    do {
      let days = try await BlockingWork.run { try QueryReader(path: path).check() }
      try? await store.note(wrongDays: days.count)
      guard !days.isEmpty else { return }
      let list = days.prefix(5).map { "\($0.description.prefix(10))" }.joined(separator: " ")
      troubles.withLock {
        $0.database = "the figures of \(days.count) day(s) differ from their checksum: \(list)"
      }
      log.state(
        "figures in the database differ from their checksum",
        [
          "days": "\(days.count)", "first": list,
          "next": "put a backup in its place, or take the days out with elmond forget",
        ], level: .error)
    } catch let error as StoreError where error.kind == .corrupt {
      await store.note(damage: error.cause)
    } catch {
      log.state("the database was not checked", ["reason": "\(error)"], level: .warning)
    }
  }
}
