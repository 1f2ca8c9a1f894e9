/// Why a bundle cannot classify, or be trained on.
package enum ClassifierError: Error, Equatable, CustomStringConvertible {
  /// The bundle is a bare language model.
  case noHead(directory: String)
  /// The bundle has no linear head on n-grams.
  case noCoHead(directory: String)
  /// The labels are none of the two sets that scores are defined for.
  case labels([String], directory: String)
  /// The cleaning profile is unknown.
  case cleaning(String, directory: String)
  /// Answers would depend on the texts before.
  case stateMode(directory: String)
  /// The threshold is not a probability.
  case threshold(Float, directory: String)
  /// The bundle, or the part of it that answers, has no numbers for the decision.
  case decision(Decision, directory: String)

  /// Operation, subject, cause and remedy.
  package var description: String {
    switch self {
    case .noHead(let directory):
      "load classifier \(directory): the model has no classifier head; train one with "
        + "`elmond train --base \(directory) --data FILE --output DIR`"
    case .noCoHead(let directory):
      "load classifier \(directory): the model has no co-head that could answer alone; train one with "
        + "`elmond train --recipe tune`, or leave --parts out"
    case .labels(let found, let directory):
      "load classifier \(directory): the labels [\(found.joined(separator: ", "))] are unknown, expected "
        + "[negative, positive] or [negative, neutral, positive]; train the head again with such labels"
    case .cleaning(let found, let directory):
      "load classifier \(directory): the cleaning profile \"\(found)\" is unknown, expected article "
        + "or tweet; correct \"cleaning\" in model.json to the profile the model was trained with"
    case .stateMode(let directory):
      "load classifier \(directory): the state mode carry makes an answer depend on the texts before; "
        + "set \"state_mode\" in model.json to zero or warm and train the head again"
    case .threshold(let found, let directory):
      "load classifier \(directory): the threshold \(found) is not a probability, expected 0 to 1; "
        + "correct \"threshold\" in model.json"
    case .decision(let decision, let directory):
      "load classifier \(directory): the decision \(decision.rawValue) needs "
        + (decision == .macroRecall
          ? "\"label_offsets\", which three labels trained with --metric macro_recall have"
          : "\"threshold\", which two labels trained with --recipe tune have")
        + "; leave the decision out: the largest probability decides"
    }
  }
}
