import Testing
import TweetText
import Tweets

@Suite struct TweetDecoderTimesTests {
  private func csv(_ columns: String, _ lines: [String]) -> [Record] {
    let header = CSVHeader(columns: columns.split(separator: ",").map(String.init), separator: 0x2C)
    return records(lines, .csv(header))
  }

  private func records(_ lines: [String], _ format: RecordFormat) -> [Record] {
    var end: Int64 = 10
    return lines.enumerated().map { index, line in
      end += Int64(line.utf8.count) + 1
      return Record(bytes: Array(line.utf8), format: format, line: index + 2, end: end)
    }
  }

  private func times(
    _ records: [Record], opening: [Record]? = nil, times: TimeReader = TimeReader()
  ) -> [TweetTime] {
    var decoder = TweetDecoder(times: times)
    if let opening { decoder.begin(FileOpening(records: opening)) }
    return records.flatMap { decoder.decode($0) }.tweets.map(\.time)
  }

  private func moment(_ text: String) -> TweetTime {
    Timestamp(rfc3339: text).map { .known($0) } ?? .missing
  }
  private func reason(_ time: TweetTime) -> UnreadTime.Reason? {
    if case .unread(let unread) = time { unread.reason } else { nil }
  }

  @Test(arguments: [
    "created_at", "Created At", "CreatedAt", "createdAt", "CREATED-AT", "Datetime",
    "tweet_creation_date",
    "TweetAt", "created", "posted_at", "published", "date", "timestamp", "Tweet Date",
  ])
  func `columns of a time are found by their usual names`(column: String) {
    let time = times(csv("text,\(column)", ["hello,2026-11-21 10:00:00"])).first
    #expect(time == moment("2026-11-21T10:00:00Z"))
    let json = records([#"{"text":"hello","\#(column)":"2026-11-21 10:00:00"}"#], .json)
    #expect(times(json).first == moment("2026-11-21T10:00:00Z"))
  }

  @Test(arguments: [
    ("date,time", "2026-11-21,10:00:00", "2026-11-21T10:00:00Z"),
    ("date,time,timezone", "2026-11-21,11:00:00,+0100", "2026-11-21T10:00:00Z"),
    ("Date,Hour", "2026-11-21,10", "2026-11-21T10:00:00Z"),
    ("day,hour", "21.11.2026,10:00", "2026-11-21T10:00:00Z"),
    ("date,time", "2026-11-21,2026-11-21 10:00:00", "2026-11-21T10:00:00Z"),
    ("date,time", "2026-11-21,", "2026-11-21T00:00:00Z"),
    ("created_at,date,time", "2026-11-21T10:00:00Z,2020-01-01,11:00", "2026-11-21T10:00:00Z"),
  ])
  func `a day and a time of day make one time`(columns: String, line: String, wanted: String) {
    #expect(times(csv("text," + columns, ["hello," + line])).first == moment(wanted))
    let names = columns.split(separator: ",")
    let values = line.split(separator: ",", omittingEmptySubsequences: false)
    let members = zip(names, values).map { #""\#($0)":"\#($1)""# }.joined(separator: ",")
    #expect(times(records([#"{"text":"hello",\#(members)}"#], .json)).first == moment(wanted))
  }

  @Test(arguments: [
    (#"{"text":"a","created_at":{"$date":"2026-11-21T10:00:00Z"}}"#),
    (#"{"text":"a","created_at":{"$date":{"$numberLong":"1795255200000"}}}"#),
    (#"{"text":"a","created_at":{"$date":1795255200000}}"#),
    (#"{"text":"a","created_at":1795255200}"#),
    (#"{"text":"a","created_at":1.7952552e9}"#), (#"{"text":"a","timestamp_ms":"1795255200000"}"#),
    (#"{"text":"a","created_at":"soon","timestamp_ms":1795255200000}"#),
    (#"{"text":"a","created_at":"soon","id":2124080376837046272}"#),
    (#"{"text":"a","created_at":null,"id":{"$numberLong":"2124080376837046272"}}"#),
  ])
  func `numbers and MongoDB's dates are read, and an id tells what its field does not`(json: String)
  {
    #expect(times(records([json], .json)).first == moment("2026-11-21T10:00:00Z"))
  }

  @Test(
    arguments: [
      (#"{"text":"a"}"#, nil), (#"{"text":"a","created_at":null}"#, .empty),
      (#"{"text":"a","created_at":""}"#, .empty),
      (#"{"text":"a","created_at":"soon"}"#, .unknownForm),
      (#"{"text":"a","created_at":{"at":1}}"#, .unknownForm),
      (#"{"text":"a","created_at":"1970-01-01T00:00:00Z"}"#, .tooEarly),
      (#"{"text":"a","id":11858561004}"#, nil),
    ] as [(String, UnreadTime.Reason?)])
  func `a field that is there and not understood is no missing field`(
    json: String, wanted: UnreadTime.Reason?
  ) {
    #expect(times(records([json], .json)).map(reason) == [wanted])
    if wanted == nil { #expect(times(records([json], .json)) == [.missing]) }
  }

  @Test func `an empty cell of a time is not understood`() {
    #expect(times(csv("text,date", ["hello,"])).map(reason) == [.empty])
  }

  @Test func `the first block decides the order of its ambiguous dates, whatever comes first`() {
    let lines = ["a,03/04/2026", "b,05/06/2026", "c,21/11/2026"]
    let all = csv("text,date", lines)
    let wanted = ["2026-04-03", "2026-06-05", "2026-11-21"].map { moment($0) }
    #expect(times(all, opening: all) == wanted)
    // After a restart in the middle.
    #expect(times(Array(all.dropFirst(2)), opening: all) == [wanted[2]])
    #expect(times([all[1]], opening: all) == [wanted[1]])
    let american = csv("text,date", ["a,03/04/2026", "c,11/21/2026"])
    #expect(times(american, opening: american) == [moment("2026-03-04"), moment("2026-11-21")])
  }

  @Test func `a page decides by all of its tweets`() {
    let page =
      #"{"data":[{"id":"1","text":"a","created_at":"03/04/2026"},{"id":"2","text":"b","created_at":"21/11/2026"}]}"#
    #expect(times(records([page], .json)) == [moment("2026-04-03"), moment("2026-11-21")])
  }

  @Test func `dates that stay ambiguous are not understood, and what comes later changes nothing`()
  {
    let all = csv("text,date", ["a,03/04/2026", "b,05/06/2026", "same,07/07/2026"])
    #expect(times(all, opening: all).map(reason) == [.ambiguous, .ambiguous, nil])
    var late = csv("text,date", ["c,21/11/2026"])
    late[0].end = Int64(FileOpening.length) + 1
    #expect(
      times(all + late, opening: all).map(reason) == [.ambiguous, .ambiguous, nil, .ambiguous])
  }

  @Test func `a file that grows is decided by the first date that decides`() {
    let all = csv("text,date", ["a,03/04/2026", "b,21/11/2026", "c,03/04/2026"])
    #expect(
      times(all, opening: [all[0]]).map(\.moment?.description) == [
        nil, "2026-11-21T00:00:00Z", "2026-04-03T00:00:00Z",
      ])
  }

  @Test func `both orders in one file leave only what is certain`() {
    let all = csv("text,date", ["a,21/11/2026", "b,11/21/2026", "c,03/04/2026"])
    #expect(times(all, opening: all).map(reason) == [nil, nil, .ambiguous])
  }

  @Test func `another file is decided anew`() {
    var decoder = TweetDecoder()
    let first = csv("text,date", ["a,21/11/2026"])
    let second = csv("text,date", ["a,03/04/2026"])
    decoder.begin(FileOpening(records: first))
    #expect(decoder.decode(first[0]).tweets.first?.createdAt != nil)
    decoder.begin(FileOpening(records: second))
    #expect(decoder.decode(second[0]).tweets.first?.createdAt == nil)
  }

  @Test func `tweets without a time are left out where the settings say so`() {
    let reader = TimeReader(untimed: .skip)
    #expect(times(records(["hello"], .text), times: reader).map(reason) == [.skipped])
    #expect(times(records(["hello"], .text)) == [.missing])
  }

  @Test func `a column of the settings that the table does not have leaves its tweets out`() {
    var decoder = TweetDecoder(csv: CSVMapping(time: ["when", "at"]))
    let record = csv("text,when,tweet_id", ["hello,2026-11-21,2124080376837046272"])[0]
    let time = decoder.decode(record).tweets.first?.time
    #expect(time == .unread(UnreadTime(text: "at", reason: .noColumn)))
  }

  @Test func `columns of the settings make the time`() {
    var decoder = TweetDecoder(csv: CSVMapping(time: ["when", "at"]))
    let record = csv("text,when,at,date", ["hello,2026-11-21,10:00,2020-01-01"])[0]
    #expect(decoder.decode(record).tweets.first?.time == moment("2026-11-21T10:00:00Z"))
  }
}
