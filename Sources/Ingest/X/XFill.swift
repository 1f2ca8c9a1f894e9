internal import JSON
import Tweets

/// Fetches what a break made us miss: by recent search with each rule, or by the stream with start and end.
struct XFill: ~Copyable, Sendable {
  /// What one step brings.
  enum Step: Sendable {
    /// Nothing is due.
    case notYet
    /// A page, and the posts in it.
    case records([Record], posts: Int)
    /// A question failed and will be asked again; the gap says why.
    case failed(Gap)
    /// It is over; the gap as it stands in the ledger.
    case done(Gap)
  }

  /// Recent search knows posts some seconds after they were written, and refuses an end within the last ten.
  private static let indexing: Duration = .seconds(15)
  /// Between two pages: 450 questions are allowed in 15 minutes.
  private static let pace: Duration = .milliseconds(2100)
  private static let mostPages = 200
  private static let mostFailures = 3
  private static let reach: Int64 = 86_400_000

  private let x: XOptions
  private let options: LiveOptions
  /// What is being filled.
  private(set) var gap: Gap
  private var due: ContinuousClock.Instant
  private var rules: [XRule]?
  private var next: String?
  private var pages = 0
  private var failures = 0
  private var found = 0
  private var stream: LineStream?
  private var lastLine: ContinuousClock.Instant

  init(_ gap: Gap, x: XOptions, options: LiveOptions, from now: ContinuousClock.Instant) {
    self.gap = gap
    self.x = x
    self.options = options
    lastLine = now
    due = now + (x.recovery == .search ? XFill.indexing : .zero)
    self.gap.recoveredBy = x.recovery == .search ? "search" : "recovery"
    // The stream gives no more than a day back; what is older is lost.
    let earliest = gap.to.milliseconds - XFill.reach
    self.gap.detail = nil
    if x.recovery == .backfill, gap.from.milliseconds < earliest {
      self.gap.recoveredBy = "none"
      self.gap.detail = "recovery: the stream gives no more than a day back"
    }
  }

  mutating func poll(now: Timestamp) -> Step {
    guard options.clock() >= due else { return .notYet }
    due = options.clock() + XFill.pace
    if gap.recoveredBy == "none" { return .done(gap) }
    do {
      return try x.recovery == .search ? search() : recover()
    } catch {
      stream = nil
      failures += 1
      due = options.clock() + .seconds(60)
      let what = x.recovery == .search ? "recent search" : "recovery"
      let isRefused = (error as? FillRefusal)?.isFinal ?? false
      guard failures >= XFill.mostFailures || isRefused else {
        gap.detail = "\(what): \(error)"
        return .failed(gap)
      }
      giveUp("\(what): \(error)")
      return .done(gap)
    }
  }

  /// Leaves the gap unfilled; the next step says so.
  mutating func giveUp(_ detail: String) {
    gap.recoveredBy = "none"
    gap.tweets = nil
    gap.detail = detail
    stream = nil
    due = options.clock()
  }

  private var token: Secret { get throws { try x.token.read() } }

  private var span: [(String, String)] {
    [
      ("start_time", "\(Timestamp(seconds: gap.from.seconds))"),
      ("end_time", "\(Timestamp(seconds: gap.to.seconds + 1))"),
    ]
  }

  // MARK: By search

  private mutating func search() throws -> Step {
    guard let rules else {
      self.rules = try XRules(base: x.base, token: token, options: options.network).list()
      return .notYet
    }
    guard let rule = rules.first else {
      gap.tweets = found
      if gap.recoveredBy != "none" { gap.detail = nil }
      return .done(gap)
    }
    var items = XOptions.fields + span
    items += [("query", rule.value), ("max_results", "100")]
    if let next { items.append(("next_token", next)) }
    let answer = try HTTPCall.answer(
      to: HTTPRequest(url: URLText.url(x.base + "/2/tweets/search/recent", items), token: token),
      options.network)
    guard answer.status == 200 else { throw FillRefusal(answer) }
    failures = 0
    pages += 1
    let json = try JSONDocument(answer.body)
    let meta = json.member("meta", .object, of: json.root)
    next = meta.flatMap { json.string("next_token", of: $0) }
    if next == nil { self.rules = Array(rules.dropFirst()) }
    let posts = json.member("data", .array, of: json.root).map { json.count(of: $0) } ?? 0
    found += posts
    if pages >= XFill.mostPages {
      // More than is worth it: the ledger must not claim what is not here.
      self.rules = []
      gap.recoveredBy = "none"
      gap.detail = "recent search: more than \(XFill.mostPages) pages were missed"
    }
    guard posts > 0 else { return .notYet }
    return .records([page(answer.body, tag: rule.tag)], posts: posts)
  }

  /// A page as a record, with the tag of the rule that found it in the place where a stream has it.
  private func page(_ body: [UInt8], tag: String?) -> Record {
    var bytes = body
    if let tag, let brace = bytes.firstIndex(of: UInt8(ascii: "{")) {
      let rules = "\"matching_rules\":[{\"tag\":\(JSONText.quote(tag))}],"
      bytes.insert(contentsOf: Array(rules.utf8), at: brace + 1)
    }
    return Record(bytes: bytes, format: .json, line: pages, end: 0)
  }

  // MARK: By the stream

  private mutating func recover() throws -> Step {
    due = options.clock()
    if stream == nil {
      stream = try LineStream(try x.request(span), options)
      lastLine = options.clock()
    }
    guard let event = stream?.poll(wait: .zero, most: 64) else { return .notYet }
    switch event {
    case .quiet:
      guard options.clock() - lastLine < XSource.patience else {
        throw FillRefusal("no complete line for \(XSource.patience.wholeMilliseconds / 1000) s")
      }
      return .notYet
    case .lines(let records):
      lastLine = options.clock()
      let posts = records.filter { $0.format == .json }
      found += posts.count
      return .records(posts, posts: posts.count)
    case .ended(nil):
      gap.tweets = found
      gap.detail = nil
      return .done(gap)
    case .ended(.some(let error)): throw error
    case .refused(let refusal): throw FillRefusal(refusal)
    }
  }
}
