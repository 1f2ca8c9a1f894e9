/// How a connection, or an attempt at one, ended: what it means for the next one, for the ledger, and for people.
struct LinkEnd: Sendable {
  /// What it means for the next attempt.
  var failure: Reconnect.Failure
  /// The word of the gap ledger, and with an `s` of the counter.
  var reason: String
  /// The state that the source is in.
  var state: String
  /// Why, in words.
  var detail: String

  /// The stream is over, or was none: `wasOpen` tells a good one from an attempt.
  init(_ words: String, wasOpen: Bool) {
    self.init(wasOpen ? .dropped : .network, words)
  }

  /// The stream is over, with what that means.
  init(_ failure: Reconnect.Failure, _ words: String) {
    self.failure = failure
    reason = "disconnect"
    state = "reconnecting"
    detail = words
  }

  /// Nothing was heard for that long.
  init(silentFor patience: Duration, _ what: String = "no complete line", wasOpen: Bool) {
    self.init("\(what) for \(patience.wholeMilliseconds / 1000) s", wasOpen: wasOpen)
    reason = "stall"
    state = "stalled"
  }

  /// The server answered something else than a stream.
  init(_ refusal: HTTPRefusal) {
    self.init(refusal.failure, refusal.description)
    if refusal.failure == .refused {
      reason = "refusal"
      if let remedy = refusal.remedy { detail += "; " + remedy }
    }
    state = refusal.state
  }

  /// The request could not be made: the network failed, or what belongs to the request is not there.
  init(_ error: any Error) {
    self.init(.refused, "\(error)")
    if let error = error as? NetworkError {
      if error.kind == .refused { state = "refused" } else { failure = .network }
    } else {
      reason = "refusal"
      state = "refused"
    }
  }
}
