import Testing
import Training

struct BatchPlanTests {
  private static func sentences(_ count: Int, longest: Int = 40, seed: UInt64 = 3) -> SentenceList {
    var generator = SeededGenerator(seed: seed)
    return SentenceList(
      (0..<count).map { number in
        [Int32](repeating: Int32(number), count: 1 + generator.draw(below: longest))
      })
  }

  @Test(arguments: [1, 7, 500, 20_000])
  func `every sentence is in one batch, and no batch is over its budget`(count: Int) {
    let sentences = Self.sentences(count)
    let plan = BatchPlan(sentences, budget: 256, seed: 1, epoch: 0)
    var seen = [Int](repeating: 0, count: count)
    for batch in 0..<plan.count {
      let lengths = plan[batch].map { sentences.length(of: Int($0)) }
      #expect(lengths == lengths.sorted(by: >))
      #expect(lengths.count * ((lengths.first ?? 0) + 1) <= 256)
      for sentence in plan[batch] { seen[Int(sentence)] += 1 }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  @Test func `little of the budget goes to padding`() {
    let sentences = Self.sentences(20_000)
    let plan = BatchPlan(sentences, budget: 1024, seed: 1, epoch: 0)
    let used = sentences.tokenCount + sentences.count
    #expect(Double(used) > 0.9 * Double(plan.count * 1024))
  }

  @Test func `a sentence over the budget has a batch of its own`() {
    let plan = BatchPlan(Self.sentences(20), budget: 1, seed: 1, epoch: 0)
    #expect(plan.count == 20)
  }

  @Test func `a plan follows from seed and epoch`() {
    let sentences = Self.sentences(3000)
    let plan = BatchPlan(sentences, budget: 256, seed: 1, epoch: 2)
    #expect(BatchPlan(sentences, budget: 256, seed: 1, epoch: 2) == plan)
    #expect(BatchPlan(sentences, budget: 256, seed: 1, epoch: 1) != plan)
    #expect(BatchPlan(sentences, budget: 256, seed: 2, epoch: 2) != plan)
  }

  @Test func `neighbouring batches are of different lengths`() {
    let sentences = Self.sentences(20_000)
    let plan = BatchPlan(sentences, budget: 512, seed: 1, epoch: 0)
    let longest = (0..<plan.count).map { plan[$0].first.map { sentences.length(of: Int($0)) } ?? 0 }
    let falls = zip(longest, longest.dropFirst()).filter { $0 > $1 }.count
    #expect(falls > plan.count / 3 && falls < plan.count * 2 / 3)
  }

  @Test func `a run is entered at any step without what was before`() {
    let sentences = Self.sentences(2000)
    var whole = BatchSchedule(sentences, passes: 3, budget: 256, seed: 5)
    #expect(whole.stepsTotal == whole.batchesOfEpoch.reduce(0, +))
    let rows = (0..<whole.stepsTotal).map { whole.rows(ofStep: $0) }
    for step in [0, 1, whole.batchesOfEpoch[0], whole.stepsTotal - 1] {
      var late = BatchSchedule(sentences, passes: 3, budget: 256, seed: 5)
      #expect(late.rows(ofStep: step) == rows[step])
    }
    let place = whole.place(ofStep: whole.batchesOfEpoch[0] + 4)
    #expect(place.epoch == 1 && place.batch == 4)
    #expect(rows.joined().count == 6000)
    #expect(
      BatchSchedule(sentences, passes: 3, budget: 256, seed: 5, maxSteps: 9).stepsTotal == 9)
  }
}
