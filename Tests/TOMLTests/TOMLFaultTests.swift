import TOML
import Testing

/// Texts that are not TOML 1.0: each is refused at its line and column.
@Suite struct TOMLFaultTests {
  @Test(arguments: [
    ("[", "1:2 expected a key, found the end of the file"),
    ("a = 1\n[\nb = 2", "2:2 expected a key, found the end of the line"),
    (
      "[ä]",
      "1:2 expected a key, found `ä` (U+00E4); "
        + "a key of other characters than A-Z a-z 0-9 _ - stands in quotes"
    ),
    (
      "[“store”]",
      "1:2 expected a key, found `“` (U+201C); "
        + "a key of other characters than A-Z a-z 0-9 _ - stands in quotes"
    ),
    ("[=]", "1:2 expected a key, found `=`"), ("[,]", "1:2 expected a key, found `,`"),
    ("a = [,]", "1:6 expected a value, found `,`"),
    ("a = [1,\u{2028}2]", "1:8 expected a value, found the character U+2028"),
    ("[a", "1:3 expected ] after the name of the table, found the end of the file"),
    ("[[a]", "1:4 expected ]] after the name of the table, found `]`"),
    ("[a] b = 1", "1:5 expected the end of the line, found `b`"),
    ("a", "1:2 expected = after the key `a`, found the end of the file"),
    ("a b = 1", "1:3 expected = after the key `a`, found `b`"),
    ("= 1", "1:1 expected a key, found `=`"), ("a. = 1", "1:4 expected a key, found `=`"),
    ("ä = \"ö\" ü", "1:1 expected a key, found `ä` (U+00E4)"),
    ("a = \"ö\" ü", "1:9 expected the end of the line, found `ü` (U+00FC)"),
    ("a = ", "1:5 expected a value, found the end of the file"),
    ("a =\n1", "1:4 expected a value, found the end of the line"),
    (
      "a = word", "1:5 expected a value, found the word `word`; a text stands in quotes"
    ),
    ("a = 5m", "1:5 expected a value, found the word `5m`; a text stands in quotes"),
    ("a = “x”", "1:5 expected a value, found `“` (U+201C); a text stands in straight quotes \"…\""),
    ("a = 012", "1:5 expected a number without leading zeros, found `012`"),
    (
      "a = 9223372036854775808",
      "1:5 expected a whole number of at most 64 bits, found `9223372036854775808`"
    ),
    ("a = 1 2", "1:7 expected the end of the line, found `2`"),
    (
      "a = 2026-02-30",
      "1:5 expected a date or a time such as 2026-11-28T14:02:00Z, found `2026-02-30`"
    ),
    ("a = \"x", "1:5 expected a closing \" on the same line, found the end of the file"),
    ("a = 'x\n'", "1:5 expected a closing ' on the same line, found the end of the line"),
    ("a = \"\"\"x\n\n", "1:5 expected a closing \"\"\", found the end of the file"),
    (
      #"a = "\q""#,
      #"1:6 expected an escape such as \n or \u00E4; for a backslash write \\, or put the text "#
        + "in single quotes"
    ),
    (
      #"a = "\uD800""#,
      "1:6 expected 4 hexadecimal digits of a Unicode character, surrogates excluded"
    ),
    ("a = [1 2]", "1:8 expected , or ] in the list of line 1, found `2`"),
    ("a = [\n1,\n", "3:1 expected a value, found the end of the file"),
    ("a = {b = 1,}", "1:12 expected a key after the comma, found `}`; remove the comma"),
    ("a = {b = 1\n}", "1:11 expected , or } on the same line, found the end of the line"),
    ("a = {\nb = 1}", "1:6 expected the whole of { … } on one line, found the end of the line"),
    ("a = 1\nb = 2\na = 3", "3:1 the key `a` is already given on line 1"),
    ("[a]\n[b]\n[a]", "3:2 the table `a` is already given on line 1"),
    ("a.b = 1\n[a]", "2:2 the table `a` is already given on line 1"),
    (
      "[a.b.c]\nz = 9\n[a]\nb.c.t = 1",
      "4:3 the table `c` has a header on line 1; write this key below that header"
    ),
    (
      "[[a.b]]\n[a]\nb.y = 2",
      "3:1 `b` is a list of tables since line 1; a dotted key cannot add to it"
    ),
    ("a = 1\na.b = 2", "2:1 `a` is a value since line 1; nothing can be added to it"),
    ("a = {b = 1}\n[a.c]", "2:2 `a` is a value since line 1; nothing can be added to it"),
    ("a = []\n[[a]]", "2:3 `a` is a value since line 1; nothing can be added to it"),
    (
      "[a]\n[[a]]",
      "2:3 `a` is a single table since line 1; write both headers in double brackets [[ ]]"
    ),
    (
      "[[a]]\n[a]",
      "2:2 `a` is a list of tables since line 1; write its name in double brackets [[ ]]"
    ),
    ("a = 1 # \u{1}", "1:9 expected printable text in the comment, found the character U+0001"),
    ("a = 1\rb = 2", "1:6 expected the end of the line, found the character U+000D"),
    (
      "a = \"\u{1B}\"",
      "1:6 expected printable text, found the character U+001B; write it as an escape such as \\u001B"
    ),
  ])
  func `a fault names line, column, what was expected and what was found`(
    text: String, fault: String
  ) {
    let error = #expect(throws: TOMLFault.self) { try TOMLDocument(text) }
    let told = error.map { "\($0.line):\($0.column) \($0.message)" } ?? ""
    #expect(told.hasPrefix(fault), "\(told)")
  }

  @Test(arguments: [
    "0x", "0b2", "0o8", "+0x1", "1__0", "_1", "1_", "1.", ".5", "1.e5", "1e", "1e+", "1_.5", "00.5",
    "-01", "++1", "1979-5-27", "1979-13-01", "1979-05-27T", "1979-05-27T7:32:00Z", "24:00:00",
    "07:32", "07:32:00Z", "1979-05-27T07:32:00+1:00", "1979-05-27T07:32:00.Z", "Inf", "True",
    "nan1",
    "\"\\U00110000\"", "\"\\u12\"", "\"\\x41\"", "\"\"\"\\q\"\"\"", "'''x''''''",
    "\"\"\"x\"\"\"\"\"\"",
    "[", "{", "}", "]", "{,}", "{a}", "{a=}", "{a=1 b=2}", "{a=1,a=2}", "{a.b=1,a=2}", "[1,,2]",
    "@", "-", "+", "0_x1", "1e1.5", "1,", "\u{0}", "\"\u{7F}\"", "{a={b=1},a.c=2}",
  ])
  func `values that are none`(word: String) {
    #expect(throws: TOMLFault.self) { try TOMLDocument("a = \(word)") }
  }

  @Test func `nesting ends at a depth that is told`() throws {
    func nested(_ depth: Int) -> String {
      "a = " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try TOMLDocument(nested(63))
    for text in [
      nested(64), nested(500_000), "a = " + String(repeating: "{a=", count: 200_000),
      Array(repeating: "a", count: 300_000).joined(separator: ".") + " = 1",
      "[" + Array(repeating: "a", count: 300_000).joined(separator: ".") + "]",
    ] {
      let error = #expect(throws: TOMLFault.self) { try TOMLDocument(text) }
      #expect(error?.message == "expected at most 64 levels of tables and lists")
    }
  }
}
