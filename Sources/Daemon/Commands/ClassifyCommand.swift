import JSON
import ArgumentParser
import Classifier
import ELMo
import Language
import TweetText
import Tweets

/// `elmond classify`: a filter; one JSON line for each record, in order, as they come.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Gives each record of the input a sentiment, as JSON lines.")

  @OptionGroup var modelOption: ModelOption
  @OptionGroup var decision: DecisionOption
  @OptionGroup var language: LanguageOption
  @OptionGroup var input: InputOptions
  @Flag(help: "End with 65 when a record could not be decoded.") var strict = false
  @Option(help: "Records that are classified together at most.") var batch = 64
  @Flag(help: "Print to standard error how long it took, without loading the model.") var time =
    false
  @Argument(help: "Files; - or none is standard input.") var files: [String] = []

  func validate() throws {
    guard (1...4096).contains(batch) else {
      throw ValidationError("--batch takes 1 to 4096, not \(batch)")
    }
  }

  func run() throws {
    let classifier = try modelOption.classifier(decision: decision.decision)
    let start = ContinuousClock.now
    var tweets = 0
    var workspace = classifier.workspace(tokenBudget: 2048)
    var reader = TweetInput(files: files, options: input)
    var pending: [TweetInput.Item] = []
    var undecodable = 0
    do {
      while let item = try reader.next() {
        switch item {
        case .undecodable: undecodable += 1
        case .tweet: tweets += 1
        }
        pending.append(item)
        if pending.count >= batch || !reader.hasMore() {
          answer(&pending, with: classifier, in: &workspace)
        }
      }
    } catch {
      // What stands before the damage has its answers.
      answer(&pending, with: classifier, in: &workspace)
      throw error
    }
    answer(&pending, with: classifier, in: &workspace)
    if time { StandardStream.error.say("elmond: \(Elapsed(tweets: tweets, since: start).line)") }
    if undecodable > 0 {
      StandardStream.error.say(
        "elmond: \(undecodable) record\(undecodable == 1 ? "" : "s") could not be decoded")
      if strict { throw ArgumentParser.ExitCode(Daemon.ExitCode.badInput.rawValue) }
    }
  }

  private func answer(
    _ items: inout [TweetInput.Item], with classifier: SentimentClassifier,
    in workspace: inout ClassifierWorkspace
  ) {
    for index in items.indices {
      guard case .tweet(var tweet) = items[index] else { continue }
      tweet.lang = TweetLanguage.language(of: tweet)
      items[index] = .tweet(tweet)
    }
    let known = language.anyLanguage ? nil : classifier.languages
    func isScored(_ tweet: Tweet) -> Bool {
      tweet.lang.flatMap { known?.contains($0) } ?? true
    }
    let texts = items.compactMap { item -> String? in
      if case .tweet(let tweet) = item, isScored(tweet) { tweet.text } else { nil }
    }
    var answers = classifier.classify(texts, workspace: &workspace)[...]
    var lines = ""
    for item in items {
      switch item {
      case .tweet(let tweet) where !isScored(tweet):
        lines += ClassifyCommand.line(
          tweet, clean: classifier.cleaning.clean(tweet.text), .unlabelled(.otherLanguage),
          labels: classifier.labels)
      case .undecodable(let reason, let line):
        lines += "{\"error\":\(JSONText.quote(reason)),\"line\":\(line)}\n"
      case .tweet(let tweet):
        guard let answer = answers.popFirst() else { continue }
        lines += ClassifyCommand.line(
          tweet, clean: answer.clean, answer.sentiment, labels: classifier.labels)
      }
    }
    StandardStream.output.write(lines)
    items.removeAll(keepingCapacity: true)
  }

  /// The JSON line of a tweet, keys in a fixed order; a text without label has the label `none`.
  static func line(
    _ tweet: Tweet, clean: String, _ sentiment: Sentiment, labels: [Label]
  ) -> String {
    var line = "{\"id\":\(tweet.id.map(JSONText.quote) ?? "null")"
    line += ",\"label\":\(JSONText.quote(sentiment.labelName))"
    line += ",\"score\":\(sentiment.score.map(JSONText.number) ?? "null"),\"probabilities\":"
    line += sentiment.label == nil ? "null" : probabilities(sentiment, labels: labels)
    line += ",\"lang\":\(JSONText.quote(tweet.lang ?? LanguageTag.unknown))"
    if let reason = sentiment.noLabel { line += ",\"reason\":\(JSONText.quote(reason.rawValue))" }
    return line + ",\"clean\":\(JSONText.quote(clean))}\n"
  }

  private static func probabilities(_ sentiment: Sentiment, labels: [Label]) -> String {
    let pairs = zip(labels, sentiment.probabilities).map { label, probability in
      "\(JSONText.quote(label.rawValue)):\(JSONText.number(probability))"
    }
    return "{\(pairs.joined(separator: ","))}"
  }
}
