import Foundation
import Training

/// The words of `elmond pretrain`, and the facts that a bundle keeps of it.
enum PretrainText {
  /// What was read, on three lines.
  static func summary(of corpus: Corpus, settings: PretrainingSettings) -> String {
    let facts = corpus.facts
    let vocabulary = PretrainText.vocabulary(of: corpus, settings: settings)
    let excluded = facts.excluded > 0 ? " without \(facts.excluded) excluded" : ""
    return """
      corpus: \(facts.lines) lines\(excluded), \(facts.empty) empty, \(facts.repeated) repeated, \
      \(facts.cut) cut to \(settings.maxTokens) tokens
      training: \(corpus.sentences.count) sentences, \(corpus.sentences.tokenCount) tokens, \
      \(corpus.types.count - 3) types; held out: \(corpus.heldOut.count) sentences, \
      \(corpus.heldOut.tokenCount) tokens
      vocabulary: \(vocabulary.size) ids, \(percent(coverage(corpus, vocabulary))) of the tokens
      """
  }

  static func vocabulary(of corpus: Corpus, settings: PretrainingSettings) -> Vocabulary {
    Vocabulary(
      of: corpus.types, atMost: settings.vocabularySize, minimumCount: settings.minimumCount)
  }

  /// What model.json tells of the corpus and the settings.
  static func facts(of corpus: Corpus, settings: PretrainingSettings) -> [String: String] {
    let vocabulary = PretrainText.vocabulary(of: corpus, settings: settings)
    var facts = [
      "sentences": "\(corpus.sentences.count)", "sentences_held_out": "\(corpus.heldOut.count)",
      "tokens_a_pass": "\(corpus.sentences.tokenCount)", "types": "\(corpus.types.count - 3)",
      "vocabulary": "\(vocabulary.size)",
      "vocabulary_coverage": String(format: "%.4f", coverage(corpus, vocabulary)),
    ]
    if corpus.facts.excluded > 0 { facts["lines_excluded"] = "\(corpus.facts.excluded)" }
    for (name, value) in settings.facts where value != "default" && value != "none" {
      facts[name.replacingOccurrences(of: "-", with: "_")] = facts[name] ?? value
    }
    return facts
  }

  static func perplexity(_ perplexity: Perplexity) -> String {
    String(
      format: "%.2f (forward %.2f, backward %.2f)", perplexity.average, perplexity.forward,
      perplexity.backward)
  }

  private static func coverage(_ corpus: Corpus, _ vocabulary: Vocabulary) -> Double {
    guard corpus.sentences.tokenCount > 0 else { return 0 }
    var known = 0
    for id in Int(TypeTable.firstType)..<vocabulary.size {
      known += corpus.types.occurrences(of: Int32(id))
    }
    return Double(known) / Double(corpus.sentences.tokenCount)
  }

  private static func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
}
