import Aggregates
import Report
import Testing

struct ResultTableTests {
  private let table = ResultTable(
    columns: ["topic", "tweets", "score_mean"],
    rows: [
      [.text("all"), .integer(1200), .real(0.5)], [.text("日本"), .integer(-7), .null],
      [.text("=cmd|' /C calc'!A0"), .integer(0), .real(-0.25)],
    ])

  @Test func `a table is aligned by display width`() {
    #expect(
      table.text == """
        topic               tweets  score_mean
        ──────────────────  ──────  ──────────
        all                   1200         0.5
        日本                    -7
        =cmd|' /C calc'!A0       0       -0.25

        """)
  }

  @Test func `CSV quotes what needs it and disarms formulas, numbers stay numbers`() {
    let table = ResultTable(
      columns: ["a", "b"],
      rows: [
        [.text("plain"), .integer(-5)], [.text("=1+1"), .real(-0.5)], [.text("+a"), .null],
        [.text("-a"), .null], [.text("@a"), .null], [.text("a,b"), .null],
        [.text("say \"hi\""), .null], [.text("two\nlines"), .null], [.text("\t=1"), .null],
        [.text("=a,b"), .null],
      ])
    #expect(
      table.csv
        == "a,b\r\nplain,-5\r\n'=1+1,-0.5\r\n'+a,\r\n'-a,\r\n'@a,\r\n\"a,b\",\r\n"
        + "\"say \"\"hi\"\"\",\r\n\"two\nlines\",\r\n'\t=1,\r\n\"'=a,b\",\r\n")
  }

  @Test func `CSV keeps no mark that reorders text and no control of a terminal`() {
    let table = ResultTable(
      columns: ["a"],
      rows: [
        [.text("x\u{202E}y\u{1B}[2Jz\u{200F}\u{9B}")], [.text("\u{202A}=1+1")],
        [.text("👩\u{200D}💻")],
      ])
    #expect(table.csv == "a\r\nxy[2Jz\r\n'=1+1\r\n👩\u{200D}💻\r\n")
  }

  @Test func `JSON keeps the order of the columns and escapes`() {
    let table = ResultTable(
      columns: ["topic", "n", "x"],
      rows: [
        [.text("a\"\\\n\u{1B}\u{202E}é🔥"), .integer(1), .null],
        [.text(""), .integer(2), .real(0.25)],
      ])
    #expect(
      table.json == """
        [
        {"topic":"a\\"\\\\\\n\\u001b\\u202eé🔥","n":1,"x":null},
        {"topic":"","n":2,"x":0.25}
        ]

        """)
    #expect(ResultTable(columns: ["a"], rows: []).json == "[]\n")
  }

  @Test func `a table on a terminal has no control characters`() {
    let table = ResultTable(columns: ["t"], rows: [[.text("a\u{1B}[31mb\u{9B}\nc")]])
    #expect(!table.text.unicodeScalars.contains("\u{1B}"))
    #expect(table.text.split(separator: "\n").count == 3)
  }
}
