import Tweets

/// The records of one made-up file, with the tweets that must be counted in the end.
struct Script {
  static let now = Timestamp(milliseconds: 1_714_564_800_000)

  var inode: UInt64
  var records: [Record] = []

  init(inode: UInt64) { self.inode = inode }

  /// The position before the first record.
  var start: FilePosition {
    FilePosition(
      path: "/spool/\(inode).json", device: 7, inode: inode, fingerprint: inode &* 31,
      fingerprintLength: 16, codec: "plain", offset: 0, line: 0)
  }

  /// The position behind the last record.
  var end: FilePosition {
    var position = start
    position.offset = records.last?.end ?? 0
    position.line = records.count
    position.finished = true
    return position
  }

  mutating func add(
    _ text: String, format: RecordFormat = .json, fault: RecordFault? = nil,
    frame: RecordFrame? = nil
  ) {
    let bytes = Array(text.utf8)
    let end = (records.last?.end ?? 0) + Int64(bytes.count) + 1
    records.append(
      Record(
        bytes: bytes, format: format, line: records.count + 1, end: end, fault: fault, frame: frame)
    )
  }

  /// Ids tell their time: tweet number `number` was written that many seconds before `now`.
  static func id(_ number: Int, version: Int = 0) -> String {
    let time = now.milliseconds - 100_000 + Int64(number) * 1000 - 1_288_834_974_657
    return String(time << 22 | Int64(version))
  }

  /// A tweet, or with a version above 0 the edit of one.
  static func tweet(_ number: Int, version: Int = 0, text: String? = nil) -> String {
    let text = text ?? "tweet \(number) version \(version) \(version % 2 == 0 ? "good" : "bad")"
    let history =
      version > 0
      ? #","edit_history_tweet_ids":["\#(id(number))","\#(id(number, version: version))"]"# : ""
    return #"{"id":"\#(id(number, version: version))","text":"\#(text)","lang":"en"\#(history)}"#
  }

  /// The edit of a tweet that says of itself that it is years old.
  static func oldEdit(_ number: Int, version: Int) -> String {
    tweet(number, version: version).dropLast() + #","created_at":"2020-02-01T00:00:00.000Z"}"#
  }

  static func delete(_ number: Int) -> String {
    #"{"delete":{"status":{"id_str":"\#(id(number))"}}}"#
  }

  /// What looks like a tweet and has no text.
  static func withoutText(_ number: Int) -> String {
    #"{"id":"\#(id(number))","author_id":"5","lang":"en"}"#
  }

  static func page(_ elements: [String]) -> String {
    #"{"data":[\#(elements.joined(separator: ","))]}"#
  }
}

extension Script {
  /// How many tweets are counted once every event of a `mixed` script is done with.
  struct Expectation: Equatable {
    var records: Int64 = 0
    var alive: Int64 = 0
    var undecodable: Int64 = 0
    var blank: Int64 = 0
    var notices: Int64 = 0
  }

  /// Scripts of every kind of record in a seeded order; ids come again, in the same file and in others.
  static func mixed(
    seed: UInt64, files: Int, records: Int
  ) -> (scripts: [Script], expected: Expectation) {
    var random = SeededGenerator(seed: seed)
    var expected = Expectation()
    var versions: [Int: Int] = [:]
    var deleted: Set<Int> = []

    func tweet() -> String {
      let number = Int.random(in: 0..<60, using: &random)
      let version =
        Int.random(in: 0..<10, using: &random) < 7 ? 0 : Int.random(in: 1...3, using: &random)
      if !deleted.contains(number) { versions[number] = max(versions[number] ?? 0, version) }
      return Script.tweet(number, version: version)
    }

    let scripts = (0..<files).map { file in
      var script = Script(inode: UInt64(100 + file))
      for _ in 0..<records {
        expected.records += 1
        switch Int.random(in: 0..<12, using: &random) {
        case 0...4: script.add(tweet())
        case 5, 6:
          var elements = (0..<4).map { _ in tweet() }
          elements.insert(withoutText(99), at: Int.random(in: 0...4, using: &random))
          expected.undecodable += 1
          script.add(page(elements))
        case 7:
          let number = Int.random(in: 0..<60, using: &random)
          versions[number] = nil
          deleted.insert(number)
          expected.notices += 1
          script.add(delete(number))
        case 8:
          expected.blank += 1
          script.add("", format: .blank)
        case 9:
          expected.undecodable += 1
          script.add("", fault: .tooLong)
        case 10:
          expected.undecodable += 1
          script.add(#"{"id":"#)
        default:
          expected.notices += 1
          script.add(#"{"limit":{"track":3}}"#)
        }
      }
      return script
    }
    expected.alive = Int64(versions.count)
    return (scripts, expected)
  }
}

/// SplitMix64, so that a failure can be had again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
