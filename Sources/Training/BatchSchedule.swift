/// The batches of a whole run, reached by step: a run goes on anywhere without repeating what was.
package struct BatchSchedule: Sendable {
  /// Where a step stands in the passes.
  package struct Place: Sendable, Equatable {
    /// The pass, from 0.
    package let epoch: Int
    /// The batch of the pass, from 0.
    package let batch: Int
  }

  /// How many batches each pass has.
  package let batchesOfEpoch: [Int]
  /// The steps of the run, cut to the most that are wanted.
  package let stepsTotal: Int
  private let sentences: SentenceList
  private let budget: Int
  private let seed: UInt64
  private var plan: (epoch: Int, batches: BatchPlan)

  /// Plans the passes: the counts of all of them, the batches of the first.
  package init(
    _ sentences: SentenceList, passes: Int, budget: Int, seed: UInt64, maxSteps: Int? = nil
  ) {
    precondition(passes > 0, "a run has 1 pass or more, not \(passes)")
    let first = BatchPlan(sentences, budget: budget, seed: seed, epoch: 0)
    batchesOfEpoch =
      [first.count]
      + (1..<passes).map {
        BatchPlan(sentences, budget: budget, seed: seed, epoch: $0).count
      }
    stepsTotal = min(maxSteps ?? .max, batchesOfEpoch.reduce(0, +))
    plan = (0, first)
    self.sentences = sentences
    self.budget = budget
    self.seed = seed
  }

  /// The schedule of a run's settings.
  package init(_ sentences: SentenceList, settings: PretrainingSettings) {
    self.init(
      sentences, passes: settings.passes, budget: settings.batchTokens, seed: settings.seed,
      maxSteps: settings.maxSteps)
  }

  /// The pass and the batch of a step, from 0.
  package func place(ofStep step: Int) -> Place {
    precondition(step >= 0, "step \(step)")
    var batch = step
    for (epoch, count) in batchesOfEpoch.enumerated() {
      if batch < count { return Place(epoch: epoch, batch: batch) }
      batch -= count
    }
    preconditionFailure("step \(step) of \(batchesOfEpoch.reduce(0, +))")
  }

  /// The rows of a step, from 0, the longest first; another pass than the last one's is planned anew.
  package mutating func rows(ofStep step: Int) -> [[Int32]] {
    let place = place(ofStep: step)
    if plan.epoch != place.epoch {
      plan = (
        place.epoch, BatchPlan(sentences, budget: budget, seed: seed, epoch: place.epoch)
      )
    }
    return sentences.rows(plan.batches[place.batch])
  }
}
