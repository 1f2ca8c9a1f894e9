import ArgumentParser
import Language

/// Which languages of a source a command counts, as the settings `languages` and `drop` of a source.
struct SourceLanguageOptions: ParsableArguments {
  @Option(help: "The only languages that are counted, such as en,und; und is an unknown one.")
  var languages: String?
  @Option(help: "Languages that are not counted, such as ja,ko.") var drop: String?

  func validate() throws {
    if languages != nil, drop != nil {
      throw ValidationError("give --languages or --drop, not both")
    }
    for (flag, words) in [("--languages", languages), ("--drop", drop)] {
      guard let words else { continue }
      let parts = words.split(separator: ",").map(String.init)
      if let bad = parts.first(where: { Settings.language($0) == nil }) {
        throw ValidationError("\(flag): \(bad) is no language; give codes such as en,und")
      }
      if parts.isEmpty { throw ValidationError("\(flag) names no language") }
    }
  }

  /// Sets what is given.
  func apply(to source: inout Settings.Source) {
    func codes(_ words: String) -> [String] {
      words.split(separator: ",").compactMap { Settings.language(String($0)) }
    }
    source.languages = languages.map(codes)
    source.droppedLanguages = drop.map(codes) ?? []
  }
}
