import Classifier
import Testing
import Training
import Tweets

struct TrainingDataTests {
  @Test(arguments: [
    ("tweets.csv", DataSpecification(path: "tweets.csv")),
    ("tweets.csv:", DataSpecification(path: "tweets.csv")),
    ("C:tweets.csv", DataSpecification(path: "C:tweets.csv")),
    ("a:b/c=d.csv", DataSpecification(path: "a:b/c=d.csv")),
    ("odd:text=a:", DataSpecification(path: "odd:text=a")),
    ("-", DataSpecification(path: "-")),
  ])
  func `a file without options`(text: String, wanted: DataSpecification) throws {
    #expect(try DataSpecification(text) == wanted)
  }

  @Test func `a file with all options`() throws {
    let found = try DataSpecification(
      "my:data/a.csv:text=Tweet\\, raw,label=target,confidence=sure,id=no,weight=0.3,"
        + "format=tsv,escapes=semeval,0=negative,4=Positive,a\\=b=neutral,irrelevant=drop")
    var wanted = DataSpecification(path: "my:data/a.csv")
    wanted.textColumn = "Tweet, raw"
    wanted.labelColumn = "target"
    wanted.confidenceColumn = "sure"
    wanted.idColumn = "no"
    wanted.weight = 0.3
    wanted.format = .tsv
    wanted.hasSemEvalEscapes = true
    wanted.mapping = ["0": .negative, "4": .positive, "a=b": .neutral]
    wanted.drops = ["irrelevant"]
    #expect(found == wanted)
    let lines = try DataSpecification("t.txt:labels=l.txt,2=positive")
    #expect(lines.labelsPath == "l.txt" && lines.format == .lines)
  }

  @Test(arguments: [
    (
      "a.csv:txt=tweet",
      "read \"a.csv:txt=tweet\": txt cannot be \"tweet\"; it is one of: negative, neutral, positive, "
        + "drop"
    ),
    (
      "a.csv:weight=-1",
      "read \"a.csv:weight=-1\": weight cannot be \"-1\"; it is one of: a number above 0, 1000 at most"
    ),
    (
      "a.csv:format=xml",
      "read \"a.csv:format=xml\": format cannot be \"xml\"; it is one of: auto, csv, tsv, semeval, "
        + "lines"
    ),
    (
      ":text=a",
      "read \":text=a\": no file is named before the colon; write FILE or "
        + "FILE:text=COLUMN,label=COLUMN"
    ),
  ])
  func `a mistake is told with what would be right`(text: String, message: String) {
    let error = #expect(throws: DataSpecificationError.self) { try DataSpecification(text) }
    #expect(error?.description == message)
  }

  @Test func `an option without a value is refused`() {
    #expect(throws: DataSpecificationError.notAPair("label", in: "a:text=b,label")) {
      try DataSpecification("a:text=b,label")
    }
    #expect(throws: DataSpecificationError.notAPair("label=", in: "a:text=b,label=")) {
      try DataSpecification("a:text=b,label=")
    }
  }

  @Test(arguments: [
    ("7\tpositive\tA day", "A day"),
    ("7\tpositive\tA day\t", "A day"),
    ("7\tneutral\tPlus\\u002c it\\u2019s late", "Plus, it\u{2019}s late"),
    ("7\tneutral\t\"He said \\\"\"no\\u002c never\\\"\" twice\"", "He said \"no, never\" twice"),
    ("7\tneutral\t\"Her \"\"Album\"\" Tour\"\t", "Her \"Album\" Tour"),
    ("7\tnegative\t\"An opening quote alone \r", "An opening quote alone"),
    ("7\tnegative\tA \"word\" and a \\ sign", "A \"word\" and a \\ sign"),
    ("7\tnegative\t\\uzzzz \\u12", "\\uzzzz \\u12"),
    ("7\tnegative\t", ""), ("7\tnegative\t\"", ""),
    ("7\tnegative\tone\ttwo\tthree", "one"),
  ])
  func `a SemEval record is read as its author wrote it`(line: String, text: String) throws {
    let record = try #require(SemEvalRecord(line))
    #expect(record.text == text && record.id == "7")
  }

  @Test func `SemEval's format is recognised, its broken half is not`() {
    #expect(SemEvalRecord("\"\t") == nil)
    #expect(SemEvalRecord.matches("264\tneutral\tA day"))
    #expect(!SemEvalRecord.matches("id\tlabel\ttext"))
    #expect(!SemEvalRecord.matches("264\tA day\tneutral"))
    #expect(!SemEvalRecord.matches("264,neutral,A day"))
  }

  @Test(arguments: [
    ("RT @Some_One1: It's a DAY! https://t.co/x1 #Day2", "rtitsadayday"),
    ("mail a@b.c, http:// and @ alone", "mailachttpandalone"),
    ("Ünïcode ÉTÉ", "ncodet"), ("@name_9\u{E9} x", "x"), ("@ab\u{93E}cd @\u{B2}x", "cd"),
    ("http://a.b\u{A0}c", "c"),
  ])
  func `the letters of a text are those of the baseline's script`(text: String, key: String) {
    #expect(TextKey.letters.key(text) == key)
  }

  @Test func `texts of which no letter is left are told apart`() {
    #expect(TextKey.letters.key("123") != TextKey.letters.key("12"))
    #expect(TextKey.group.key("123") != TextKey.group.key("12"))
    #expect(TextKey.group.key("RT @a: A day") == "a day")
  }

  private static func file(
    _ name: String, _ rows: [(String, String)], broken: Int = 0, mapping: [String: Label] = [:],
    drops: [String] = [], weight: Double = 1
  ) -> LabelledFile {
    LabelledFile(
      name: name,
      texts: rows.enumerated().map {
        LabelledText(text: $1.0, label: $1.1, confidence: 0.5, row: $0 + 1)
      }, broken: broken, mapping: mapping, drops: drops, weight: weight)
  }

  @Test func `several files become one set, and every row is accounted for`() throws {
    var rules = TrainingData.Rules()
    rules.isDistinct = true
    let data = try TrainingData(
      training: [
        Self.file("one", [("A day", "positive"), ("Rain", "negative"), ("a DAY!", "negative")]),
        Self.file(
          "two", [("Sun", "4"), ("rain @x", "0"), ("Seen", "0"), ("Held", "4"), ("Ad", "x")],
          broken: 2, mapping: ["4": .positive, "0": .negative], drops: ["X"], weight: 0.3),
      ],
      validation: [
        Self.file("three", [("held", "neutral"), ("Held", "positive"), ("seen!", "neutral")])
      ],
      excluding: ["SEEN"], rules: rules)
    #expect(data.set.rows.map(\.text) == ["A day", "Rain", "Sun", "held", "Held"])
    #expect(data.set.labels == .three)
    #expect(data.set.rows.map(\.file) == [0, 0, 1, 2, 2])
    #expect(data.set.weights(byConfidence: false) == [1, 1, 0.3, 1, 1])
    #expect(data.set.weights(byConfidence: true) == [0.5, 0.5, 0.15, 0.5, 0.5])
    #expect(data.split == ValidationSplit(training: [0, 1, 2], validation: [3, 4]))
    #expect(data.set.dropped == 1)
    #expect(
      data.report.text == """
        one: 2 rows (negative 1, neutral 0, positive 1), 0 dropped, 1 repeated
        two: 1 rows (negative 0, neutral 0, positive 1), 1 dropped, 2 excluded, 1 repeated, 2 broken, weight 0.3
        three: 2 rows (negative 0, neutral 1, positive 1), 0 dropped, 1 excluded, for validation
        training: 3 rows (negative 1, neutral 0, positive 2)
        """)
    for file in data.report.files {
      #expect(
        file.read == file.kept.reduce(0, +) + file.dropped + file.unsure + file.excluded
          + file.repeated)
    }
  }

  @Test func `a test file's texts neither train nor validate, and its rows stay`() throws {
    var rules = TrainingData.Rules()
    rules.isDistinct = true
    let data = try TrainingData(
      training: [
        Self.file(
          "one",
          [("A day", "positive"), ("Rain", "negative"), ("seen", "positive"), ("Sun", "positive")])
      ],
      validation: [Self.file("two", [("sun", "positive"), ("SEEN", "negative")])],
      test: [Self.file("three", [("Seen", "positive"), ("seen", "negative")])], rules: rules)
    #expect(data.set.rows.map(\.text) == ["A day", "Rain", "sun", "Seen", "seen"])
    #expect(data.split == ValidationSplit(training: [0, 1], validation: [2], test: [3, 4]))
    #expect(data.report.files.map(\.excluded) == [2, 1, 0])
    #expect(
      data.report.text.contains("three: 2 rows (negative 1, positive 1), 0 dropped, for test"))
    let alone = try TrainingData(
      training: [Self.file("one", [("a", "positive"), ("b", "negative")])],
      test: [Self.file("two", [("b", "negative")])])
    #expect(alone.split == ValidationSplit(training: [0], validation: [], test: [1]))
  }

  @Test func `another system's answers are read as the labels are`() throws {
    func texts(_ answers: [String?]) -> [LabelledText] {
      answers.enumerated().map {
        LabelledText(text: "\($0)", label: $0 % 2 == 0 ? "4" : "0", answer: $1, row: $0 + 1)
      }
    }
    let set = try TrainingSet(
      texts(["4", " Negative ", nil, "", "neutral", "ad"]), dropping: ["ad"],
      mapping: ["4": .positive, "0": .negative])
    #expect(set.rows.map(\.answer) == [.positive, .negative, nil, nil, .neutral, nil])
    #expect(
      throws: TrainingDataError.unknownLabel(
        "5", row: 2, known: ["0", "4", "negative", "neutral", "positive"])
    ) {
      try TrainingSet(texts(["4", "5"]), mapping: ["4": .positive, "0": .negative])
    }
  }

  @Test func `a label of one file is not that of another`() throws {
    let data = try TrainingData(training: [
      Self.file("one", [("a", "1"), ("b", "2")], mapping: ["1": .positive, "2": .negative]),
      Self.file("two", [("c", "1"), ("d", "2")], mapping: ["1": .negative, "2": .positive]),
    ])
    #expect(data.set.truths == [1, 0, 0, 1] && data.split == nil)
  }

  @Test func `what a file says of a label goes before what is said of all`() throws {
    var rules = TrainingData.Rules()
    rules.mapping = ["good": .positive, "bad": .negative]
    let data = try TrainingData(
      training: [
        Self.file("one", [("a", "good"), ("b", "bad")]),
        Self.file("two", [("c", "good")], mapping: ["GOOD": .negative]),
      ], rules: rules)
    #expect(data.set.truths == [1, 0, 0])
  }

  @Test func `rows that read as a dropped label go, whatever their file calls it`() throws {
    var rules = TrainingData.Rules()
    rules.droppedLabel = .neutral
    rules.expected = .two
    let data = try TrainingData(
      training: [
        Self.file(
          "one", [("a", "1"), ("b", "2"), ("c", "neutral"), ("d", "negative")],
          mapping: ["1": .positive, "2": .neutral])
      ], rules: rules)
    #expect(data.set.truths == [1, 0] && data.report.files[0].dropped == 2)
  }

  @Test func `an unknown label is told with its file`() {
    let error = #expect(throws: TrainingDataError.self) {
      try TrainingData(training: [Self.file("one", [("a", "positive"), ("b", "mixed")])])
    }
    #expect(
      error?.description.hasPrefix("one: read labelled rows: row 2 has the label \"mixed\"") == true
    )
  }

  @Test func `unsure rows go, in validation too`() throws {
    var rules = TrainingData.Rules()
    rules.expected = .two
    rules.confidenceAbove = 0.6
    let data = try TrainingData(
      training: [Self.file("one", [("a", "positive")])],
      validation: [Self.file("two", [("b", "positive")])], rules: rules)
    #expect(data.set.rows.isEmpty && data.report.files.map(\.unsure) == [1, 1])
  }
}
