import TOML
import Testing

/// Documents of TOML 1.0, feature by feature, with what they mean.
@Suite struct TOMLValueTests {
  @Test(arguments: [
    ("a = 1", "{a:1}"), ("a=-17", "{a:-17}"), ("a = +9", "{a:9}"), ("a = 1_000_000", "{a:1000000}"),
    ("a = 0xDEAD_beef", "{a:3735928559}"), ("a = 0o755", "{a:493}"), ("a = 0b1101", "{a:13}"),
    ("a = -0", "{a:0}"), ("a = 9223372036854775807", "{a:9223372036854775807}"),
    ("a = -9223372036854775808", "{a:-9223372036854775808}"),
    ("a = 0.5", "{a:0.5}"), ("a = -3.25", "{a:-3.25}"), ("a = 5e+22", "{a:5e+22}"),
    ("a = 1E06", "{a:1000000.0}"), ("a = -2E-2", "{a:-0.02}"), ("a = 6.626e-34", "{a:6.626e-34}"),
    ("a = 224_617.445_991", "{a:224617.445991}"), ("a = inf", "{a:inf}"), ("a = -inf", "{a:-inf}"),
    ("a = +nan", "{a:nan}"), ("a = true\nb = false", "{a:true b:false}"),
  ])
  func `numbers and truth`(text: String, meaning: String) throws {
    #expect(words(try TOMLDocument(text).root) == meaning)
  }

  @Test(arguments: [
    ("a = \"plain\"", "plain"), ("a = \"\"", ""),
    ("a = \"# no comment\" # comment", "# no comment"),
    (#"a = "\b\t\n\f\r\"\\""#, "\u{8}\t\n\u{C}\r\"\\"), (#"a = "\u00E4\U0001F600""#, "ä😀"),
    (#"a = 'C:\new'"#, #"C:\new"#), ("a = 'say \"hi\"'", "say \"hi\""),
    ("a = \"tab\there\"", "tab\there"),
    ("a = \"\"\"\nfirst\nsecond\"\"\"", "first\nsecond"),
    ("a = \"\"\"\r\nfirst\r\nsecond\"\"\"", "first\nsecond"),
    ("a = \"\"\"one \\\n\n   two\"\"\"", "one two"), ("a = \"\"\"one \\  \n two\"\"\"", "one two"),
    ("a = \"\"\"two \"\" quotes\"\"\"", "two \"\" quotes"), ("a = \"\"\"end\"\"\"\"\"", "end\"\""),
    ("a = \"\"\"\"in\"\"\"\"", "\"in\""), ("a = \"\"\"\"\"\"", ""),
    ("a = '''\nraw \\n ' '' text'''", "raw \\n ' '' text"), ("a = '''x'''''", "x''"),
  ])
  func texts(text: String, meaning: String) throws {
    #expect(try TOMLDocument(text).root["a"]?.content == .string(meaning))
  }

  @Test(arguments: [
    "1979-05-27T07:32:00Z", "1979-05-27T00:32:00.999-07:00", "1979-05-27t07:32:00z",
    "1979-05-27 07:32:00+01:00", "1979-05-27T07:32:00", "1979-05-27", "07:32:00", "00:32:00.5",
    "2024-02-29", "2016-12-31T23:59:60Z",
  ])
  func `dates and times stay as they are written`(word: String) throws {
    #expect(try TOMLDocument("a = \(word) # then").root["a"]?.content == .moment(word))
    #expect(
      try TOMLDocument("a = [\(word),\(word)]").root["a"]?.content
        == .array([
          TOMLValue(line: 1, content: .moment(word)), TOMLValue(line: 1, content: .moment(word)),
        ]))
  }

  @Test(arguments: [
    ("", "{}"), ("# only\n\n  # comments", "{}"), ("\u{FEFF}a = 1", "{a:1}"),
    ("bare_key-1 = 1\n1234 = 2", "{1234:2 bare_key-1:1}"),
    ("\"\" = 1\n'quoted \"key\"' = 2\n\"\\u00E4\" = 3", "{:1 quoted \"key\":2 ä:3}"),
    ("a.b.c = 1\na.b.d = 2\na . e = 3", "{a:{b:{c:1 d:2} e:3}}"), ("3.14 = 1", "{3:{14:1}}"),
    ("a = []\nb = [1, 2,]\nc = [[1], [\"x\", 2.5]]", "{a:[] b:[1 2] c:[[1] [\"x\" 2.5]]}"),
    ("a = [ # why\n  1, # one\n\n  2 # two\n]", "{a:[1 2]}"), ("a = {}", "{a:{}}"),
    ("a = { b = 1, c.d = \"x\", e = { f = [ {g=1} ] } }", "{a:{b:1 c:{d:\"x\"} e:{f:[{g:1}]}}}"),
    ("[a]\nb = 1\n[c]", "{a:{b:1} c:{}}"), ("[a.b.c]\nd = 1\n[a]\ne = 2", "{a:{b:{c:{d:1}} e:2}}"),
    ("[ a . \"b.c\" ]\nd = 1", "{a:{b.c:{d:1}}}"),
    ("[[p]]\nn = 1\n[[p]]\n[[p]]\nn = 3", "{p:[{n:1} {} {n:3}]}"),
    (
      "[[f]]\nn = 1\n[f.p]\nc = 2\n[[f.v]]\nk = 1\n[[f.v]]\n[[f]]\n[[f.v]]\nk = 2",
      "{f:[{n:1 p:{c:2} v:[{k:1} {}]} {v:[{k:2}]}]}"
    ),
    ("[f]\na.c = 1\na.t.s = 2\n[f.a.x]\ny = 3", "{f:{a:{c:1 t:{s:2} x:{y:3}}}}"),
    ("[a.b.c]\n[a]\nb.x = 1", "{a:{b:{c:{} x:1}}}"), ("a = 1\r\nb = 2\r\n", "{a:1 b:2}"),
  ])
  func `keys, lists and tables`(text: String, meaning: String) throws {
    #expect(words(try TOMLDocument(text).root) == meaning)
  }

  /// A short form of the values, keys in order.
  private func words(_ values: [String: TOMLValue]) -> String {
    let pairs = values.sorted { $0.key < $1.key }.map { "\($0.key):\(words($0.value))" }
    return "{\(pairs.joined(separator: " "))}"
  }

  private func words(_ value: TOMLValue) -> String {
    switch value.content {
    case .table(let values): words(values)
    case .array(let items): "[\(items.map(words).joined(separator: " "))]"
    case .string(let text): "\"\(text)\""
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .boolean(let flag): "\(flag)"
    case .moment(let text): text
    }
  }
}
