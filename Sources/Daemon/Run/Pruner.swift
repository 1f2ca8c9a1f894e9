import Pipeline
import Report
import Store

/// Prunes the database now and then, and says what it does or why it does not.
final class Pruner: Sendable {
  private let settings: Settings.Store
  private let store: AggregateStore
  private let log: SentimentLog
  private let told = Guarded<Set<String>>([])

  init(_ settings: Settings.Store, store: AggregateStore, log: SentimentLog) {
    self.settings = settings
    self.store = store
    self.log = log
  }

  /// One pass.
  func prune() async {
    do {
      let plan = try await store.planPrune(settings.retention, at: MachineClock.reading)
      if let obstacle = plan.obstacle { tell(of: obstacle, plan) }
      if let waiting = plan.waiting { tell(of: waiting, plan) }
      guard plan.obstacle == nil else { return }
      if plan.rows.dropped > 0 {
        log.state(
          "pruning rows older than retain",
          ["rows": "\(plan.rows.dropped)", "tweets": "\(plan.rows.tweets)"])
      }
      let result = try await store.prune(
        plan, horizon: settings.dedupHorizon?.components.seconds)
      guard result.isWorthALine else { return }
      log.state(
        "pruned",
        [
          "dropped_rows": "\(result.droppedRows)", "merged_rows": "\(result.mergedRows)",
          "expired_keys": "\(result.expiredKeys)", "dropped_names": "\(result.droppedNames)",
        ])
    } catch  where error.kind == .busy {
      // The next turn does it; that the database is locked is told where commits wait for it.
    } catch {
      log.state("pruning failed", ["reason": "\(error)"], level: .warning)
    }
  }

  private func tell(of obstacle: PrunePlan.Obstacle, _ plan: PrunePlan) {
    switch obstacle {
    case .clock(let expected):
      once("clock") {
        log.state(
          "nothing is pruned: the clock differs from the newest time that is known",
          [
            "clock": "\(plan.now)", "expected": "\(expected)",
            "next":
              "set the clock; if it is right, pruning goes on after 24 h, or at once with elmond db prune",
          ], level: .warning)
      }
    case .clockWasWrong(let left):
      once("clock") {
        log.state(
          "nothing is pruned yet: the clock differed from the newest time that was known",
          [
            "left": Figures.span(seconds: Double(left) / 1000),
            "next": "if the clock is right, elmond db prune prunes at once",
          ], level: .warning)
      }
    }
  }

  private func tell(of waiting: PrunePlan.Waiting, _ plan: PrunePlan) {
    once("retain") {
      log.state(
        "retain is shorter than it was: rows will be pruned",
        [
          "rows_to_drop": "\(waiting.rows.dropped)", "tweets_to_drop": "\(waiting.rows.tweets)",
          "rows_to_merge": "\(waiting.rows.merged)",
          "in": Figures.span(seconds: Double(waiting.left) / 1000),
          "next": "to keep them, lengthen retain; elmond db prune prunes at once",
        ], level: .warning)
    }
  }

  private func once(_ subject: String, _ body: () -> Void) {
    if told.withLock({ $0.insert(subject).inserted }) { body() }
  }
}

extension Settings.Store {
  /// The retention as the store takes it.
  var retention: Retention {
    Retention(minutes: retainMinutes?.components.seconds, hours: retainHours?.components.seconds)
  }
}
