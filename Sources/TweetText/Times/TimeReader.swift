package import Tweets

/// Reads the times of one source: what its settings say, and what its files tell.
package struct TimeReader: Sendable, Equatable {
  /// What happens to a tweet whose record has no time.
  package enum Untimed: String, Sendable, CaseIterable {
    /// It counts at its arrival.
    case arrival
    /// It is left out.
    case skip
  }

  /// The one form of the times; nil: any form that is known.
  package var format: TimeFormat?
  /// The zone of times that name none.
  package var zone: ZoneRules
  /// What happens to a tweet whose record has no time.
  package var untimed: Untimed
  /// How dates such as `03/04/2026` are read.
  package var order = DateOrder.undecided

  /// A reader from the settings of a source.
  package init(
    format: TimeFormat? = nil, zone: ZoneRules = .utc, untimed: Untimed = .arrival
  ) {
    self.format = format
    self.zone = zone
    self.untimed = untimed
  }

  /// Reads the text of a time.
  package func time(of text: some StringProtocol) -> TweetTime { time(of: Array(text.utf8)[...]) }

  /// Reads the bytes of a time.
  func time(of bytes: ArraySlice<UInt8>) -> TweetTime {
    let text = TimeReader.trimmed(bytes)
    do throws(UnreadTime.Reason) {
      return .known(try moment(of: text))
    } catch {
      let start = String(decoding: text.prefix(UnreadTime.longestText), as: UTF8.self)
      return .unread(UnreadTime(text: start, reason: error))
    }
  }

  private func moment(of text: ArraySlice<UInt8>) throws(UnreadTime.Reason) -> Timestamp {
    guard !text.isEmpty else { throw .empty }
    let moment: Timestamp
    if let format {
      guard let given = format.parts(of: text)?.timestamp(in: zone) else { throw .otherForm }
      moment = given
    } else {
      moment = try anyForm(text)
    }
    guard moment >= .firstTweet else { throw .tooEarly }
    return moment
  }

  /// Reads a date and a clock, and perhaps a zone, that stand in columns of their own.
  ///
  /// Where the columns do not make one time together, a column that holds a whole time by itself is believed.
  func time(ofPieces pieces: [String]) -> TweetTime {
    let joined = time(of: pieces.filter { !$0.isEmpty }.joined(separator: " "))
    guard format == nil, case .unread(let unread) = joined, unread.reason == .unknownForm else {
      return joined
    }
    for piece in pieces where TimeReader.hasClock(piece) {
      if case .known(let moment) = time(of: piece) { return .known(moment) }
    }
    return joined
  }

  private func anyForm(_ text: ArraySlice<UInt8>) throws(UnreadTime.Reason) -> Timestamp {
    if let parts = FreeTime.parts(of: text) {
      guard let moment = try resolved(parts).timestamp(in: zone) else { throw .unknownForm }
      return moment
    }
    switch EpochTime.reading(of: text) {
    case .time(let moment): return moment
    case .tooEarly: throw .tooEarly
    case .unknown, nil: throw .unknownForm
    }
  }

  /// The parts with a day and a month in place of two numbers.
  private func resolved(_ parts: TimeParts) throws(UnreadTime.Reason) -> TimeParts {
    guard let pair = parts.pair else { return parts }
    guard pair.isValid(.dayFirst) || pair.isValid(.monthFirst) else { throw .unknownForm }
    guard let order = order(of: pair), let resolved = parts.resolved(order) else {
      throw order == .dayFirst || order == .monthFirst ? .otherOrder : .ambiguous
    }
    return resolved
  }

  /// In which order a date is read; nil where nothing decides, or the order does not fit.
  private func order(of pair: DatePair) -> DateOrder? {
    if pair.first == pair.second { return .dayFirst }
    switch order {
    case .dayFirst, .monthFirst: return pair.isValid(order) ? order : nil
    case .undecided: return nil
    case .mixed:
      let isDayFirst = pair.isValid(.dayFirst)
      return isDayFirst == pair.isValid(.monthFirst) ? nil : isDayFirst ? .dayFirst : .monthFirst
    }
  }

  private static func hasClock(_ text: String) -> Bool {
    let bytes = trimmed(Array(text.utf8)[...])
    return EpochTime.reading(of: bytes) != nil || FreeTime.parts(of: bytes)?.hour != nil
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = bytes
    while let first = text.first, first <= 0x20 { text.removeFirst() }
    while let last = text.last, last <= 0x20 { text.removeLast() }
    return text
  }
}
