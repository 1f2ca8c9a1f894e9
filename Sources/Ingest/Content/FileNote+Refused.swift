import Tweets

extension FileNote {
  /// The note about a file whose content is not tweets.
  init(
    _ error: IngestError, position: FilePosition? = nil, facts: FileFacts, isFirst: Bool = true,
    isFailure: Bool = false
  ) {
    self.init(
      path: position?.shownPath ?? error.subject, state: .refused, facts: facts,
      reason: error.cause,
      remedy: error.remedy, position: position, isFirst: isFirst, isFailure: isFailure)
  }
}
