import Daemon
import Foundation
import Testing
import Training
import Tweets

struct LabelledReaderTests {
  private static let reader = LabelledReader(textColumn: "text", labelColumn: "sentiment")

  private static func read<Result>(
    _ files: [String: String], _ body: (String) throws -> Result
  ) throws -> Result {
    try Fixture.withFolder { folder in
      for (name, text) in files {
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      }
      return try body(folder + "/")
    }
  }

  @Test func `a table is read by its own columns, by the common ones without`() throws {
    let csv = "Tweet,target,sure,sentiment\r\n\"one, two\",4,0.7,x\r\nthree,0,1\r\nfour,0,1,y\r\n"
    try Self.read(["a.csv": csv]) { folder in
      let own = try Self.reader.file(
        DataSpecification(
          folder + "a.csv:text=tweet,label=target,confidence=sure,4=positive,weight=0.3"))
      #expect(own.texts.map(\.text) == ["one, two", "four"])
      #expect(own.texts.map(\.label) == ["4", "0"] && own.texts.map(\.confidence) == [0.7, 1])
      #expect(own.broken == 1 && own.weight == 0.3 && own.mapping == ["4": .positive])
      let common = try Self.reader.file(DataSpecification(folder + "a.csv:text=Tweet"))
      #expect(common.texts.map(\.label) == ["x", "y"])
      #expect(try Self.reader.texts(DataSpecification(folder + "a.csv:text=Tweet")).count == 2)
    }
  }

  @Test func `SemEval's lines are recognised, and read when a record is broken`() throws {
    let lines =
      "12\tneutral\t\"Plus\\u002c \\\"\"more\\\"\" of it\"\t\n13\tnegative\t\"Half \n\"\t\n14\tpositive\tWhole\t"
    try Self.read(["a.txt": lines]) { folder in
      let file = try Self.reader.file(DataSpecification(folder + "a.txt"))
      #expect(file.texts.map(\.text) == ["Plus, \"more\" of it", "Half", "Whole"])
      #expect(file.texts.map(\.label) == ["neutral", "negative", "positive"])
      #expect(file.texts.map(\.id) == ["12", "13", "14"] && file.broken == 1)
    }
  }

  @Test
  func `SemEval's four columns of 2013 are read, and rows that are not available are counted only`()
    throws
  {
    let lines =
      "11\t501\tpositive\tWhat a day\n12\t502\t\"objective\"\tThe bus leaves at nine\n13\t503\tnegative\tNot Available\n"
    let csv = "text,sentiment\ngood,positive\nNot Available,negative\nbad,negative\n"
    try Self.read(["a.txt": lines, "b.csv": csv]) { folder in
      let file = try Self.reader.file(DataSpecification(folder + "a.txt"))
      #expect(file.texts.map(\.text) == ["What a day", "The bus leaves at nine"])
      #expect(file.texts.map(\.label) == ["positive", "neutral"] && file.unavailable == 1)
      let table = try Self.reader.file(DataSpecification(folder + "b.csv"))
      #expect(table.texts.map(\.text) == ["good", "bad"] && table.unavailable == 1)
      #expect(table.texts.map(\.row) == [1, 3])
      let data = try TrainingData(training: [table])
      #expect(data.report.text.contains("1 not available"))
    }
  }

  @Test func `texts and labels in two files are joined by line`() throws {
    let files = ["t.txt": "one\\u002c\n\nthree\n", "l.txt": "0\n1\n2\n", "short.txt": "0\n"]
    try Self.read(files) { folder in
      let file = try Self.reader.file(
        DataSpecification(folder + "t.txt:labels=\(folder)l.txt,escapes=semeval,0=negative"))
      #expect(file.texts.map(\.text) == ["one,", "", "three"])
      #expect(file.texts.map(\.label) == ["0", "1", "2"])
      let texts = try Self.reader.texts(DataSpecification(folder + "t.txt:format=lines"))
      #expect(texts == ["one\\u002c", "", "three"])
      #expect(throws: CommandFailure.self) {
        try Self.reader.file(
          DataSpecification(folder + "t.txt:labels=\(folder)short.txt"))
      }
      #expect(throws: CommandFailure.self) {
        try Self.reader.file(DataSpecification(folder + "t.txt:format=lines"))
      }
    }
  }

  @Test func `what cannot be read is told with its file`() throws {
    try Self.read(["a.csv": "text,mood\nhello,fine\n", "empty.csv": "text,sentiment\n"]) { folder in
      let missing = #expect(throws: CommandFailure.self) {
        try Self.reader.file(DataSpecification(folder + "a.csv"))
      }
      #expect(missing?.message.contains("no column is called \"sentiment\"") == true)
      #expect(throws: CommandFailure.self) {
        try Self.reader.file(DataSpecification(folder + "empty.csv"))
      }
      #expect(throws: CommandFailure.self) {
        try Self.reader.file(DataSpecification(folder + "none.csv"))
      }
    }
  }
}
