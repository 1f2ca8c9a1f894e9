import Foundation
import Testing

import Daemon

@Suite struct SettingsReaderTests {
  private static let source = "[[source]]\nname = \"pipe\"\nkind = \"stdin\"\n"

  private func parse(_ text: String, isCheckingFiles: Bool = false) throws -> Settings {
    try SettingsReader.parse(
      text, file: "test.toml", folder: "/etc/elmond", isCheckingFiles: isCheckingFiles)
  }

  @Test func `the smallest file takes every default`() throws {
    var expected = Settings()
    expected.sources = [Settings.Source(name: "pipe", kind: .stdin)]
    #expect(try parse(Self.source) == expected)
  }

  @Test func `every setting arrives where it belongs`() throws {
    let settings = try parse(
      """
      [model]
      path = "models/best"
      neutral_band = [0.4, 0.6]
      decision = "macro_recall"
      max_tokens = 128
      [batch]
      max_tweets = 32
      max_wait = "1s"
      [[source]]
      name = "archive"
      kind = "file"
      path = "/data/tweets.csv"
      follow = true
      format = "csv"
      text_column = "t"
      id_column = "i"
      time_column = "w"
      lang_column = "l"
      max_line = "64KiB"
      [[source]]
      name = "inbox"
      kind = "directory"
      path = "./in/"
      settle = "500ms"
      [[topic]]
      name = "debate"
      match = ["gop", "#gopdebate", "two words"]
      [store]
      database = "elmond.db"
      dedup_horizon = "forever"
      synchronous = "full"
      [store.retain]
      minutes = "30d"
      hours = "forever"
      [report]
      path = "status.txt"
      every = "1m"
      [log]
      tweets = "all"
      sample_rate = "1/50"
      level = "debug"
      """)
    #expect(settings.model.path == "/etc/elmond/models/best")
    #expect(settings.model.neutralBand == 0.4...0.6)
    #expect("\(settings.model.decision)" == "macroRecall")
    #expect(settings.model.maxTokens == 128)
    #expect(settings.batch.maxTweets == 32)
    #expect(settings.batch.maxWait == .seconds(1))
    #expect(settings.sources.map(\.name) == ["archive", "inbox"])
    #expect(settings.sources[0].kind == .file(path: "/data/tweets.csv", follow: true))
    #expect(settings.sources[0].format == .csv)
    #expect(settings.sources[0].columns.text == "t")
    #expect(settings.sources[0].columns.id == "i")
    #expect(settings.sources[0].columns.time == ["w"])
    #expect(settings.sources[0].columns.lang == "l")
    #expect(settings.sources[0].maxLine == 65_536)
    #expect(
      settings.sources[1].kind
        == .directory(path: "/etc/elmond/in", settle: .milliseconds(500)))
    #expect(
      settings.topics
        == [Settings.Topic(name: "debate", match: ["gop", "#gopdebate", "two words"])])
    #expect(settings.store.database == "/etc/elmond/elmond.db")
    #expect(settings.store.dedupHorizon == nil)
    #expect(settings.store.synchronous == .full)
    #expect(settings.store.retainMinutes == .seconds(30 * 86_400))
    #expect(settings.store.retainHours == nil)
    #expect(settings.report.path == "/etc/elmond/status.txt")
    #expect(settings.report.every == .seconds(60))
    #expect(settings.log.tweets == .all)
    #expect(settings.log.sampleRate == 0.02)
    #expect(settings.log.level == .debug)
  }

  @Test func `retain takes forever for both kinds of bucket`() throws {
    let settings = try parse(Self.source + "[store]\nretain = \"forever\"\n")
    #expect(settings.store.retainMinutes == nil)
    #expect(settings.store.retainHours == nil)
  }

  @Test func `a followed file need not be there yet`() throws {
    let settings = try parse(
      "[[source]]\nname = \"a\"\nkind = \"file\"\npath = \"/no-such-file\"\nfollow = true\n",
      isCheckingFiles: true)
    #expect(settings.sources.count == 1)
  }

  @Test func `the sample settings load and say the defaults`() throws {
    let path = Fixture.packageRoot.appending(path: "config/elmond.toml")
      .path(percentEncoded: false)
    let settings = try SettingsReader.read(path, isCheckingFiles: false)
    var expected = Settings()
    expected.file = path
    expected.sources = [
      Settings.Source(
        name: "inbox", kind: .directory(path: "/var/lib/elmond/in", settle: .seconds(2)))
    ]
    #expect(settings == expected)
  }

  @Test func `the sample settings load with every comment sign of a setting taken away`() throws {
    let lines = try sampleLines().map { line in
      guard line.hasPrefix("# ") else { return line }
      let text = line.dropFirst(2)
      let key = text.firstRange(of: " = ").map { text[..<$0.lowerBound] } ?? " "
      let isSetting = text.hasPrefix("[[") || !key.contains(" ")
      return isSetting ? String(text) : line
    }
    let settings = try parse(lines.joined(separator: "\n"))
    #expect(settings.model.neutralBand == 0.4...0.6)
    #expect(
      settings.sources.map(\.name) == [
        "inbox", "archive", "survey", "pipe", "bluesky", "x", "tenth", "fediverse", "tag", "feed",
      ])
    #expect(settings.topics.count == 1)
  }

  @Test func `every key that the reader knows stands in the sample settings`() throws {
    var section = ""
    var found: Set<String> = []
    for line in try sampleLines() {
      let text = line.hasPrefix("# ") ? line.dropFirst(2) : Substring(line)
      if text.hasPrefix("[") {
        section = text.filter { $0.isLetter || $0 == "." }
        found.formUnion([".\(section)", section])
      } else if let equals = text.firstRange(of: " = ") {
        found.insert("\(section).\(text[..<equals.lowerBound])")
        if text.contains("{ minutes = ") && text.contains(", hours = ") {
          found.formUnion(["store.retain.minutes", "store.retain.hours"])
        }
        for key in ["posts_per_day", "posts_per_month"] where text.contains("\(key) = ") {
          found.insert("source.budget.\(key)")
        }
        for key in ["records", "bytes", "patience"]
        where text.hasPrefix("backlog") && text.contains("\(key) = ") {
          found.insert("source.backlog.\(key)")
        }
      }
    }
    for (section, keys) in SettingsReader.knownKeys {
      for key in keys where key != "web" {
        #expect(found.contains("\(section).\(key)"), "[\(section)] \(key) is not documented")
      }
    }
    #expect(SettingsReader.knownKeys.values.joined().count > 25)
  }

  @Test(arguments: [
    ("missing.toml", "cannot open the settings file: No such file or directory"),
    (".", "expected a settings file, found something that is not a plain file"),
  ])
  func `a file that cannot be read is refused`(name: String, message: String) throws {
    try Fixture.withFolder { folder in
      let failure = #expect(throws: SettingsFailure.self) {
        try SettingsReader.read("\(folder)/\(name)")
      }
      #expect(failure?.description == "\(folder)/\(name): \(message)")
      #expect(failure?.commandFailure.code == .configuration)
    }
  }

  @Test(arguments: [
    (Array("a = 1\n# \u{FC}\n".utf8) + [0xFF], 3, "not UTF-8; save the file as UTF-8"),
    (Array("a = 1\n\0".utf8), 2, "holds a NUL byte; a settings file is plain text"),
  ])
  func `bytes that are no text are refused with their line`(
    bytes: [UInt8], line: Int, message: String
  ) throws {
    try Fixture.withFolder { folder in
      let path = "\(folder)/bad.toml"
      try Data(bytes).write(to: URL(filePath: path))
      let failure = #expect(throws: SettingsFailure.self) { try SettingsReader.read(path) }
      #expect(failure?.description == "\(path):\(line): \(message)")
    }
  }

  @Test func `relative paths start at the folder of the file`() throws {
    try Fixture.withFolder { folder in
      let path = "\(folder)/my.toml"
      try (Self.source + "[store]\ndatabase = \"a/b.db\"\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      let settings = try SettingsReader.read(path)
      #expect(settings.store.database == SettingsText.absolute("a/b.db", in: folder))
      #expect(settings.file == path)
    }
  }

  private func sampleLines() throws -> [String] {
    let file = Fixture.packageRoot.appending(path: "config/elmond.toml")
    return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
  }
}
