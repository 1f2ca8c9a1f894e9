import ArgumentParser

/// Which languages a command scores.
struct LanguageOption: ParsableArguments {
  @Flag(help: "Score tweets in every language, also those that the model does not know.")
  var anyLanguage = false
}
