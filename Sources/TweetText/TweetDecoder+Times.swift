internal import JSON
package import Tweets

extension TweetDecoder {
  /// When a tweet was written: what a field of a usual name says, else what the id of X says.
  func time(of node: JSONNode, id: String?) -> TweetTime {
    TweetDecoder.time(timeOfFields(of: node), orOfID: id)
  }

  /// The first time in fields of usual names that is understood, else the first one that is not.
  private func timeOfFields(of node: JSONNode) -> TweetTime {
    var time = TweetTime.missing
    let keys: [StaticString] = ["timestamp_ms", "created_at"]
    for key in keys {
      guard let value = document.member(key, of: node) else { continue }
      let found = self.time(at: value)
      if found.moment != nil { return found }
      if time == .missing { time = found }
    }
    return time == .missing ? timeOfOtherFields(of: node) : time
  }

  private func timeOfOtherFields(of node: JSONNode) -> TweetTime {
    let members = document.members(of: node)
    let places = TimeNames.columns(among: members.map(\.name))
    guard let first = places.first else { return .missing }
    guard places.count > 1 else { return time(at: members[first].value) }
    let pieces = places.map { place in
      document.scalarBytes(members[place].value).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    return times.time(ofPieces: pieces)
  }

  /// The time in a value: a string, a number, or one of these in MongoDB's extended JSON.
  func time(at node: JSONNode) -> TweetTime {
    if let bytes = document.scalarBytes(document.plainValue(of: node)) {
      return times.time(of: bytes)
    }
    if document.kind(of: node) == .null { return .unread(UnreadTime(text: "", reason: .empty)) }
    return .unread(UnreadTime(text: "{…}", reason: .unknownForm))
  }

  /// The time of a field; where it is missing or not understood, that of an id of X.
  static func time(_ time: TweetTime, orOfID id: String?) -> TweetTime {
    guard time.moment == nil, let id, let moment = moment(ofID: id) else { return time }
    return .known(moment)
  }

  /// The moment in an id of X. Shorter ids are of the first days with such ids at best, or of another platform.
  private static func moment(ofID id: String) -> Timestamp? {
    id.utf8.count >= 15 ? Timestamp(snowflake: id) : nil
  }

  // MARK: What the beginning of a file tells

  /// Prepares for the records of another file; nil for a stream without a beginning.
  package mutating func begin(_ opening: FileOpening?) {
    guard opening !== self.opening else { return }
    self.opening = opening
    evidence = nil
    times.order = .undecided
  }

  /// Reads the dates among the decoded ones whose order was still open, and leaves out what `untimed` says.
  mutating func settle(_ decoded: [Decoded], of record: Record) -> [Decoded] {
    let hasOpenDate = decoded.contains { $0.openDate != nil }
    if hasOpenDate { decideOrder(by: decoded, of: record) }
    guard hasOpenDate || times.untimed == .skip else { return decoded }
    return decoded.map { decoded in
      guard case .tweet(var tweet) = decoded else { return decoded }
      if let text = decoded.openDate {
        tweet.time = times.time(of: text)
      } else if times.untimed == .skip, tweet.time == .missing {
        tweet.time = .unread(UnreadTime(text: "", reason: .skipped))
      }
      return .tweet(tweet)
    }
  }

  /// Decides between day first and month first by the dates of the first block and of the record.
  private mutating func decideOrder(by decoded: [Decoded], of record: Record) {
    guard times.order == .undecided else { return }
    var evidence = evidence ?? evidenceOfOpening()
    // Records behind the first block decide nothing: after a restart they would not be there.
    if opening == nil || record.end <= FileOpening.length {
      for text in decoded.compactMap(\.openDate) { evidence.add(text) }
    }
    self.evidence = evidence
    times.order = evidence.order
  }

  private func evidenceOfOpening() -> DateOrderEvidence {
    var evidence = DateOrderEvidence()
    var decoder = self
    for record in opening?.records ?? [] {
      for text in decoder.decodeRecord(record).compactMap(\.openDate) { evidence.add(text) }
    }
    return evidence
  }
}

extension Decoded {
  /// The text of a date whose day and month can be exchanged, while nothing decides.
  var openDate: String? {
    guard case .tweet(let tweet) = self, case .unread(let unread) = tweet.time,
      unread.reason == .ambiguous
    else { return nil }
    return unread.text
  }
}
