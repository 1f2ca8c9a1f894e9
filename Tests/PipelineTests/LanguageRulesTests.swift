import Aggregates
import Pipeline
import Testing
import Tweets

@Suite(.timeLimit(.minutes(1)))
struct LanguageRulesTests {
  private func bench(_ rules: LanguageRules, langs: [String?]) -> Bench {
    var script = Script(inode: 5)
    for (number, lang) in langs.enumerated() {
      let lang = lang.map { ",\"lang\":\"\($0)\"" } ?? ""
      script.add(
        """
        {"id_str":"\(Script.id(number))","text":"text \(number)"\(lang)}
        """)
    }
    return Bench([FakeSource(scripts: [script])], maxTweets: 4) { $0.languages = rules }
  }

  @Test func `a tweet in another language is counted under it and the model does not read it`()
    async
  {
    let bench = bench(LanguageRules(scored: ["en"]), langs: ["en", "de", nil, "ja", "de"])
    #expect(await bench.outcome() == nil)
    let kept = bench.store.kept
    #expect(bench.classifier.count == 2)
    #expect(kept.counter("tweets") == 5)
    #expect(kept.counter("other_language") == 3)
    #expect(kept.counter("undecided") == 3)
    let german = kept.aggregates.filter { $0.key.lang == "de" && $0.key.topic == "all" }.values
    #expect(german.reduce(0) { $0 + $1.tweets } == 2)
    #expect(german.reduce(0) { $0 + $1.undecided } == 2)
    #expect(bench.told.value.map(\.tweet.text) == (0..<5).map { "text \($0)" })
    #expect(bench.told.value.map { $0.sentiment.label == nil } == [false, true, false, true, true])
  }

  @Test(
    arguments: [
      (LanguageRules.Filter(kept: ["en", "und"]), 2 as Int64, 3 as Int64),
      (LanguageRules.Filter(dropped: ["de"]), 3, 2), (LanguageRules.Filter(dropped: ["und"]), 4, 1),
      (LanguageRules.Filter(), 5, 0),
    ])
  func `a source leaves languages out, and the counters add up`(
    _ filter: LanguageRules.Filter, _ tweets: Int64, _ dropped: Int64
  ) async {
    let rules = LanguageRules(scored: ["en"], filters: ["spool": filter])
    let bench = bench(rules, langs: ["en", "de", nil, "ja", "de"])
    #expect(await bench.outcome() == nil)
    let kept = bench.store.kept
    #expect(kept.counter("decoded") == 5)
    #expect(kept.counter("tweets") == tweets)
    #expect(kept.counter("language_dropped") == dropped)
  }
}
