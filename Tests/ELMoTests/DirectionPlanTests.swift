import ELMo
import Testing

@Suite struct DirectionPlanTests {
  @Test func `sentences that begin alike share rows until they part`() {
    // a b c d, a b e, a b c, f b
    let plan = DirectionPlan(
      [2, 3, 4, 5, 2, 3, 6, 2, 3, 4, 7, 3], starts: [0, 4, 7, 10, 12], distinct: 8, shares: true)
    #expect(plan.offsets == [0, 2, 4, 6, 7])
    #expect(plan.tokens == [2, 7, 3, 3, 4, 6, 5])
    #expect(plan.parents == [0, 1, 0, 1, 0, 0, 0])
    #expect(plan.isStraight == [true, true, false, true])
    #expect(plan.rows == [0, 2, 4, 6, 0, 2, 5, 0, 2, 4, 1, 3])
  }

  @Test func `without sharing row k is sentence k`() {
    let plan = DirectionPlan(
      [2, 3, 2, 2, 3], starts: [0, 3, 5], distinct: 4, shares: false)
    #expect(plan.offsets == [0, 2, 4, 5])
    #expect(plan.rows == [0, 2, 4, 1, 3])
    #expect(plan.isStraight == [true, true, true])
  }

  @Test(arguments: 1...20)
  func `every sentence finds its own tokens, and a row is one past`(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    var sentences = (0..<50).map { _ in
      (0..<Int.random(in: 1...9, using: &numbers)).map { _ in
        Int32.random(in: 2...4, using: &numbers)
      }
    }
    sentences.sort { $0.count > $1.count }
    var starts = [0]
    for sentence in sentences { starts.append(starts[starts.count - 1] + sentence.count) }
    let plan = DirectionPlan(
      sentences.flatMap { $0 }, starts: starts, distinct: 5, shares: true)
    var pasts: [Int32: [Int32]] = [:]  // what led to a row
    for (sentence, start) in zip(sentences, starts) {
      for step in sentence.indices {
        let row = plan.rows[start + step]
        #expect(
          (plan.offsets[step]..<plan.offsets[step + 1]).contains(Int(row)), "seed \(seed)")
        let past = Array(sentence[...step])
        #expect(pasts[row] == nil || pasts[row] == past, "seed \(seed)")
        pasts[row] = past
        #expect(plan.tokens[Int(row)] == sentence[step], "seed \(seed)")
        if step > 0 {
          let parent = Int(plan.rows[start + step - 1]) - plan.offsets[step - 1]
          #expect(Int(plan.parents[Int(row)]) == parent, "seed \(seed)")
        }
      }
    }
    #expect(pasts.count == plan.count, "no row is idle")
    #expect(Set(pasts.values).count == plan.count, "no two rows have one past")
  }
}

extension DirectionPlanTests {
  @Test func `steps are taken together while their rows fit`() {
    let plan = DirectionPlan(
      [2, 3, 4, 5, 2, 3, 6, 2, 3, 4, 7, 3], starts: [0, 4, 7, 10, 12], distinct: 8, shares: true)
    #expect(plan.offsets == [0, 2, 4, 6, 7])
    #expect(plan.end(of: 0, rows: 1) == 2)  // a step is never cut
    #expect(plan.end(of: 0, rows: 4) == 4)
    #expect(plan.end(of: 1, rows: 5) == 7)
    #expect(plan.end(of: 3, rows: 100) == 7)
  }
}
