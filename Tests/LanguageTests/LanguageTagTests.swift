import Language
import Testing

struct LanguageTagTests {
  @Test(
    arguments: [
      ("en", "en"), ("EN", "en"), ("en-GB", "en"), ("en_us", "en"), ("eng", "en"),
      ("English", "en"),
      ("english (US)", "en"), ("pt-BR", "pt"), ("zh-Hant", "zh"), ("iw", "he"), ("in", "id"),
      ("nb", "no"),
      ("fil", "tl"), ("gsw", "gsw"), (" fr", "fr"),
    ])
  func `a tag tells a language`(_ tag: String, _ language: String) {
    #expect(LanguageTag.language(of: tag) == language)
  }

  @Test(
    arguments: [
      nil, "", "und", "UND", "und-Latn", "qme", "qht", "qst", "qam", "qct", "zxx", "mul", "art",
      "N/A", "null", "x",
      "klingon", "123", "e1", "日本語", "averyveryverylongtagindeed",
    ] as [String?])
  func `a tag that tells none is unknown`(_ tag: String?) {
    #expect(LanguageTag.language(of: tag) == nil)
  }
}
