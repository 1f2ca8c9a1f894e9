import Testing
import Training

struct SplitTests {
  @Test(arguments: [
    (10_729, 0.2, 8583), (10, 0.2, 8), (10, 0.3, 7), (1, 0.2, 0), (0, 0.2, 0), (5, 0, 5),
  ])
  func `the last rows validate`(count: Int, share: Double, training: Int) {
    let split = ValidationSplit.lastRows(of: count, share: share)
    #expect(split.training == Array(0..<training))
    #expect(split.validation == Array(training..<count))
  }

  @Test func `test rows go first, then validation rows of the rest by group`() {
    let groups = (0..<100).map { "group \($0 % 40)" }
    var split = ValidationSplit(training: Array(0..<100), validation: [])
    split.setTestApart(0.2, .last, groups: groups, seed: 3)
    #expect(split.test == Array(80..<100) && split.training == Array(0..<80))
    split.setValidationApart(0.1, .group, groups: groups, seed: 3)
    #expect(split.validation.count == 8 && split.training.count == 72)
    #expect(split.validation == split.validation.sorted())
    #expect(Set(split.training + split.validation) == Set(0..<80))
    let validating = Set(split.validation.map { groups[$0] })
    #expect(split.training.allSatisfy { !validating.contains(groups[$0]) })
    var same = split
    same.setTestApart(0, .group, groups: groups, seed: 3)
    #expect(same == split)
    #expect(
      TrainingHistory.opening(split)
        == "Train on 72 samples, validate on 8 samples, test on 20 samples")
  }

  // Half of the rows are one group, which is passed over unless it is drawn first and fits.
  @Test(arguments: [0.1, 0.3, 0.4, 0.75])
  func `groups are drawn until they make up the share, by the seed`(share: Double) {
    let groups = (0..<200).map { $0 < 100 ? "great" : "group \($0 / 2)" }
    var drawn: Set<[Int]> = []
    for seed in 0..<4 as Range<UInt64> {
      var split = ValidationSplit(training: Array(0..<200), validation: [])
      split.setValidationApart(share, .group, groups: groups, seed: seed)
      let validating = Set(split.validation.map { groups[$0] })
      #expect(split.training.allSatisfy { !validating.contains(groups[$0]) })
      #expect(split.training.count + split.validation.count == 200)
      #expect(split.validation.count <= Int(share * 200))
      #expect(split.validation.count >= min(Int(share * 200) - 2, 100))
      drawn.insert(split.validation)
    }
    #expect(drawn.count == 4)
  }

  @Test func `rows that repeat a text of another part are counted`() {
    let groups = ["a", "b", "a", "c", "b", "d"]
    let repeated = RepeatedTexts(of: [2, 3, 4, 5], in: [0, 1], groups: groups)
    #expect(repeated.repeated == 2 && repeated.share == 0.5)
    #expect(repeated.text == "2 of 4 rows (50.0 %)")
    #expect(RepeatedTexts(of: [], in: [0], groups: groups).share == 0)
  }

  @Test(arguments: [
    ("RT @some_one: What a NIGHT!! http://example.org/x #Debate2015", "what a night debate"),
    ("rt @a: rt @b: twice  told\n tale www.example.org/ end", "twice told tale end"),
    ("start rt @name: kept @name: too", "start kept name too"),
    ("smart @name: no", "smart name no"), ("rt @name no colon", "rt name no colon"),
    ("123 !? …", ""), ("", ""), ("don't", "dont"), ("ÜBER Straße", "über straße"),
    ("  https://example.org", ""),
    (String(repeating: "ab ", count: 40), String(String(repeating: "ab ", count: 20).dropLast())),
    (String(repeating: "x", count: 80), String(repeating: "x", count: 60)),
  ])
  func `the key of a text`(text: String, key: String) {
    #expect(TextGroup.key(text) == key)
    #expect(TextGroup.key(TextGroup.key(text)) == key)
  }

  @Test func `folds keep groups together and are of one size`() {
    var generator = SeededGenerator(seed: 21)
    let groups = (0..<1003).map { _ in "group \(generator.draw(below: 400))" }
    let split = GroupedSplit(groups: groups, folds: 5, seed: 4)
    var foldOfGroup: [String: Int] = [:]
    for (group, fold) in zip(groups, split.foldOfRow) {
      #expect(foldOfGroup[group] ?? fold == fold)
      foldOfGroup[group] = fold
    }
    let sizes = (0..<5).map { fold in split.foldOfRow.count { $0 == fold } }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "\(sizes)")
    #expect(split == GroupedSplit(groups: groups, folds: 5, seed: 4))
    #expect(split != GroupedSplit(groups: groups, folds: 5, seed: 5))
    let held = split.split(holdingOut: 2)
    #expect(held.training.count + held.validation.count == 1003)
    #expect(held.validation.allSatisfy { split.foldOfRow[$0] == 2 })
    #expect(split.csv.hasPrefix("row,fold\n0,\(split.foldOfRow[0])\n"))
  }
}
