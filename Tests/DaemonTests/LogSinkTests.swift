import Glibc
import Logging
import Testing
import Tweets

import Daemon

@Suite struct LogSinkTests {
  private static let clock: @Sendable () -> Timestamp = { Timestamp(milliseconds: 0) }

  @Test func `the journal receives an entry with its fields`() throws {
    try Fixture.withFolder { folder in
      let receiver = try UnixReceiver("\(folder)/j")
      let pipe = LogPipe()
      let sink = LogSink(
        .journal(socket: "\(folder)/j", descriptor: pipe.input), level: .info, clock: Self.clock)
      let log = SentimentLog(mode: .all, rate: 1, logger: sink.logger(label: "test"))
      log.tweet(
        ScoredTweet(
          tweet: Tweet(id: "42", text: "good\nday"), clean: "good day",
          sentiment: Sentiment(label: .positive, score: 0.9, probabilities: [])),
        source: "archive", topics: ["a", "b"])
      #expect(
        receiver.nextText() == """
          MESSAGE=sentiment label=positive score=0.900 topic=a,b source=archive id=42 text="good day"
          PRIORITY=6
          SYSLOG_IDENTIFIER=elmond
          ELMOND_LABEL=positive
          ELMOND_SCORE=0.900
          ELMOND_TOPIC=a,b
          ELMOND_SOURCE=archive
          ELMOND_ID=42

          """)
      #expect(pipe.text().isEmpty)
      #expect(sink.counts == LogSink.Counts())
    }
  }

  @Test func `what the journal does not take goes to standard error and is counted`() throws {
    try Fixture.withFolder { folder in
      let pipe = LogPipe()
      let sink = LogSink(
        .journal(socket: "\(folder)/none", descriptor: pipe.input), level: .info,
        clock: Self.clock)
      sink.logger(label: "test").warning("disk full", metadata: ["path": "/x"])
      #expect(pipe.text() == "<4>disk full path=/x\n")
      #expect(sink.counts.journalFailures == 1)
    }
  }

  @Test func `a full journal socket is not waited for`() throws {
    try Fixture.withFolder { folder in
      let receiver = try UnixReceiver("\(folder)/j")
      let pipe = LogPipe()
      let sink = LogSink(
        .journal(socket: "\(folder)/j", descriptor: pipe.input), level: .info, clock: Self.clock)
      let logger = sink.logger(label: "test")
      for number in 0..<1000 { logger.info("line", metadata: ["number": "\(number)"]) }
      #expect(sink.counts.journalFailures > 0)
      var received = 0
      while receiver.next() != nil { received += 1 }
      #expect(received + sink.counts.journalFailures == 1000)
      #expect(pipe.text().split(separator: "\n").count == sink.counts.journalFailures)
    }
  }

  @Test func `a line that cannot be written is counted`() {
    let sink = LogSink(.lines(descriptor: -1), level: .info, clock: Self.clock)
    sink.logger(label: "test").info("lost")
    #expect(sink.counts.lost == 1)
  }

  @Test func `the level of a sink can be changed while it runs`() {
    let pipe = LogPipe()
    let sink = LogSink(.prefixed(descriptor: pipe.input), level: .warning, clock: Self.clock)
    let logger = sink.logger(label: "test")
    logger.info("one")
    sink.level = .debug
    logger.debug("two")
    #expect(pipe.text() == "<7>two\n")
  }

  @Test func `lines of several tasks stay whole`() async {
    let pipe = LogPipe()
    let sink = LogSink(.prefixed(descriptor: pipe.input), level: .info, clock: Self.clock)
    await withTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          let logger = sink.logger(label: "test")
          for _ in 0..<50 { logger.info("line", metadata: ["task": "\(task)\(task)"]) }
        }
      }
    }
    let lines = pipe.text().split(separator: "\n")
    #expect(lines.count == 400)
    #expect(lines.allSatisfy { $0.hasPrefix("<6>line task=") && $0.count == 15 })
  }

  @Test func `standard error is the journal when device and inode say so`() throws {
    let pipe = LogPipe()
    var status = stat()
    try #require(unsafe fstat(pipe.input, &status) == 0)
    let stream = "\(status.st_dev):\(status.st_ino)"
    let environment = ["JOURNAL_STREAM": stream]
    try Fixture.withFolder { folder in
      let socket = "\(folder)/j"
      #expect(
        LogDestination.standard(
          environment: environment, descriptor: pipe.input, socket: socket)
          == .prefixed(descriptor: pipe.input))
      let receiver = try UnixReceiver(socket)
      #expect(
        LogDestination.standard(
          environment: environment, descriptor: pipe.input, socket: socket)
          == .journal(socket: socket, descriptor: pipe.input))
      #expect(receiver.next() == nil)
    }
  }

  @Test(arguments: [nil, "", "1", "1:2:3", "x:y", "1:1"])
  func `standard error is not the journal otherwise`(stream: String?) {
    let pipe = LogPipe()
    #expect(!LogDestination.isJournal(stream, descriptor: pipe.input))
  }

  @Test func `a value of several lines is written with its length`() {
    var entry = JournalDatagram()
    entry.add("A", "1")
    entry.add("B", "x\ny")
    #expect(
      entry.bytes == Array("A=1\nB\n".utf8) + [3, 0, 0, 0, 0, 0, 0, 0] + Array("x\ny\n".utf8))
    #expect(JournalDatagram.fieldName("max-wait.ms") == "ELMOND_MAX_WAIT_MS")
  }

  @Test(arguments: [
    (LogLevel.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3),
    (.critical, 2),
  ])
  func `every level has its priority`(level: LogLevel, priority: Int) {
    #expect(LogSink.priority(level.level) == priority)
  }
}
