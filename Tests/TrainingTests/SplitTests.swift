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
