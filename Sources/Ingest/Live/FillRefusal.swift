/// An answer to a question of recovery that is not what was asked for.
struct FillRefusal: Error, CustomStringConvertible {
  /// Why, in words.
  let description: String
  /// True when asking again does not help.
  let isFinal: Bool

  /// The server answered with another status.
  init(_ answer: HTTPCall.Answer) {
    self.init(HTTPRefusal(status: answer.status, body: answer.body, reset: nil, location: nil))
  }

  /// The server refused a stream.
  init(_ refusal: HTTPRefusal) {
    description = refusal.description
    isFinal = refusal.failure == .refused
  }

  /// The server did something else.
  init(_ words: String) {
    description = words
    isFinal = false
  }
}
