import Tweets

/// Fetches the statuses that a break made us miss, page by page from the oldest, by the server's timeline.
struct MastodonFill: Sendable {
  /// What one step brings.
  enum Step: Sendable {
    /// Nothing is due.
    case notYet
    /// A page of statuses.
    case page(Record)
    /// A question failed and will be asked again; the gap says why.
    case failed(Gap)
    /// It is over; the gap as it stands in the ledger.
    case done(Gap)
  }

  /// 300 questions are allowed in five minutes.
  private static let pace: Duration = .milliseconds(1100)
  private static let pageSize = 40
  private static let mostPages = 250
  private static let mostFailures = 3

  private let mastodon: MastodonOptions
  private let options: LiveOptions
  private var gap: Gap
  /// Everything up to this id is here.
  private(set) var minimum: String
  private var due: ContinuousClock.Instant
  private var pages = 0
  private var failures = 0
  private var found = 0

  init(
    _ gap: Gap, after id: String, _ mastodon: MastodonOptions, _ options: LiveOptions,
    from now: ContinuousClock.Instant
  ) {
    self.gap = gap
    self.mastodon = mastodon
    self.options = options
    // Statuses of other servers arrive late and are filed by their time.
    minimum = MastodonID.earlier(id, by: 60_000)
    due = now
  }

  mutating func poll() -> Step {
    guard options.clock() >= due else { return .notYet }
    due = options.clock() + MastodonFill.pace
    do {
      return try fetch()
    } catch {
      failures += 1
      due = options.clock() + .seconds(20)
      gap.detail = "the timeline: \(error)"
      let isRefused = (error as? FillRefusal)?.isFinal ?? false
      return failures >= MastodonFill.mostFailures || isRefused ? .done(gap) : .failed(gap)
    }
  }

  private mutating func fetch() throws -> Step {
    let timeline = mastodon.stream.timeline
    let items =
      timeline.query + [("min_id", minimum), ("limit", "\(MastodonFill.pageSize)")]
    let answer = try HTTPCall.answer(
      to: HTTPRequest(
        url: URLText.url(mastodon.server + timeline.path, items), token: try mastodon.token?.read()),
      options.network)
    guard answer.status == 200 else { throw FillRefusal(answer) }
    failures = 0
    pages += 1
    let ids = try MastodonID.ofPage(answer.body)
    guard let newest = ids.max(by: { MastodonID.isOlder($0, than: $1) }),
      MastodonID.isOlder(minimum, than: newest)
    else {
      gap.recoveredBy = "backfill"
      gap.tweets = found
      gap.detail = nil
      return .done(gap)
    }
    guard pages < MastodonFill.mostPages else {
      gap.detail = "the timeline: more than \(MastodonFill.mostPages) pages were missed"
      return .done(gap)
    }
    minimum = newest
    found += ids.count
    return .page(Record(bytes: answer.body, format: .json, line: pages, end: 0))
  }
}
