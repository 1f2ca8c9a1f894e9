import Testing
import Training

struct ExcludedTextsTests {
  private static let held = [
    "@some_one What a DAY! https://t.co/abc", "100 % :)", "", "The end of it",
  ]

  @Test(arguments: [
    ("what a day", true), ("RT: what a day", false), ("What… a day 2 https://example.org", true),
    ("@another the END of it!", true), ("the end", false),
    // Nothing is left of these, so that nothing can be the same.
    ("100 % :)", false), ("", false), ("@name https://t.co/x", false), ("123", false),
  ])
  func `a text with the letters of an excluded one is excluded`(text: String, isExcluded: Bool) {
    #expect(ExcludedTexts(Self.held).contains(text) == isExcluded)
  }

  @Test func `texts of which nothing is left exclude nothing`() {
    #expect(ExcludedTexts(["123", "", "@name"]).isEmpty)
    #expect(!ExcludedTexts([]).contains("123"))
    #expect(ExcludedTexts(["RT @a: the end"], key: .group).contains("The END"))
  }

  @Test func `a corpus without excluded lines is that of the other lines`() throws {
    let lines = (0..<300).map { "line w\($0 % 251) and more" } + ["what a day", "WHAT a day !"]
    let excluded = ExcludedTexts(Self.held)
    var builder = CorpusBuilder()
    var byHand = CorpusBuilder()
    for line in lines + ["100 % :)"] {
      if excluded.contains(line) {
        builder.exclude(lines: 1)
      } else {
        builder.add(line)
        byHand.add(line)
      }
    }
    let corpus = try builder.finish()
    var wanted = try byHand.finish()
    #expect(corpus.facts.excluded == 2)
    #expect(corpus.facts.lines == 301)
    wanted.facts.excluded = 2
    #expect(corpus == wanted)
  }
}
