import ArgumentParser
import Classifier

extension Decision: ExpressibleByArgument {}

/// What makes the label of a text.
struct DecisionOption: ParsableArguments {
  @Option(
    name: .customLong("decide"),
    help: ArgumentHelp(
      "What makes the label: largest, macro_recall or threshold.",
      discussion: """
        largest: the largest calibrated probability. macro_recall: the bundle's label offsets (three labels). \
        threshold: the bundle's threshold (two labels). The last two change the printed probabilities, so that the label \
        is the largest of them in each case.
        """))
  var decision: Decision = .largest
}
