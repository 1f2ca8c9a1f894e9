import JSON
import Testing

@Suite struct JSONDocumentTests {
  private func document(_ text: String) throws -> JSONDocument {
    try JSONDocument(Array(text.utf8))
  }

  @Test func `values of every kind are found by key and order`() throws {
    let json = try document(
      #" { "a" : [1, -2.5e+3, true, false, null, "x", {}, []] , "b":{"c":{"d":"deep"}}, "":0 } "#)
    let root = json.root
    #expect(json.kind(of: root) == .object)
    #expect(json.count(of: root) == 3)
    let list = try #require(json.member("a", of: root))
    #expect(json.count(of: list) == 8)
    let kinds: [JSONDocument.Kind] = [
      .number, .number, .true, .false, .null, .string, .object, .array,
    ]
    #expect(json.elements(of: list).map { json.kind(of: $0) } == kinds)
    let numbers = json.elements(of: list).compactMap { json.numberText($0) }
    #expect(numbers == ["1", "-2.5e+3"])
    let b = try #require(json.member("b", .object, of: root))
    let c = try #require(json.member("c", of: b))
    #expect(json.string("d", of: c) == "deep")
    #expect(json.member("d", of: root) == nil)
    #expect(json.member("b", .array, of: root) == nil)
    #expect(json.member("", of: root).flatMap { json.integer($0) } == 0)
    #expect(json.member("a", of: list) == nil)
    #expect(json.elements(of: c).map { $0 } == [])
  }

  @Test func `a number keeps its digits beyond 2^53`() throws {
    let json = try document(#"{"id":1234567890123456789,"f":1.5}"#)
    let id = try #require(json.member("id", of: json.root))
    #expect(json.integer(id) == 1_234_567_890_123_456_789)
    let fraction = try #require(json.member("f", of: json.root))
    #expect(json.integer(fraction) == nil)
    #expect(json.double(fraction) == 1.5)
  }

  @Test func `of duplicate keys the last wins`() throws {
    let json = try document(#"{"text":"one","text":"two","t\u0065xt":"three","texts":"no"}"#)
    #expect(json.string("text", of: json.root) == "three")
  }

  @Test(arguments: [
    (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"), (#""\u00e9\u65e5""#, "é日"),
    (#""\ud83d\ude02!""#, "😂!"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude02x""#, "\u{FFFD}x"),
    (#""\ud83d\ud83d\ude02""#, "\u{FFFD}😂"), (#""\ud83dx\ude02""#, "\u{FFFD}x\u{FFFD}"),
    (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""a\u0000b""#, "ab"),
    ("\"a\u{0}b\"", "ab"), (#""😂 é""#, "😂 é"),
  ])
  func `a string is decoded when asked for`(text: String, value: String) throws {
    let json = try document(text)
    #expect(json.string(json.root) == value)
  }

  @Test(arguments: [
    ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xE2, 0x82], "\u{FFFD}"),
    ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
    ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
  ])
  func `invalid UTF-8 is replaced`(bytes: [UInt8], value: String) throws {
    let json = try JSONDocument([0x22] + bytes + [0x22])
    #expect(json.string(json.root) == value)
  }

  @Test(arguments: [
    ("", JSONError.Reason.truncated, 0), ("  ", .truncated, 2), ("{", .truncated, 1),
    (#"{"a""#, .truncated, 4), (#"{"a":"#, .truncated, 5), (#"{"a":1"#, .truncated, 6),
    (#"{"a":1,"#, .truncated, 7), (#""abc"#, .truncated, 4), (#""abc\"#, .truncated, 5),
    (#""\u12"#, .truncated, 5), ("[1", .truncated, 2), ("tru", .truncated, 3), ("-", .truncated, 1),
    ("1.", .truncated, 2), ("1e", .truncated, 2),
    ("{}x", .syntax, 2), ("{} {}", .syntax, 3), ("[1,]", .syntax, 3), (#"{"a":1,}"#, .syntax, 7),
    ("{,}", .syntax, 1), ("[1 2]", .syntax, 3), (#"{"a" 1}"#, .syntax, 5), ("{1:2}", .syntax, 1),
    (#"{"a":1]"#, .syntax, 6), ("[1}", .syntax, 2), ("01", .syntax, 0), ("-01", .syntax, 1),
    ("1.x", .syntax, 2), ("+1", .syntax, 0), (".5", .syntax, 0), ("NaN", .syntax, 0),
    ("nul!", .syntax, 3), ("\"a\nb\"", .syntax, 2), ("\"a\u{1F}\"", .syntax, 2),
    (#""\x""#, .syntax, 2), (#""\u12g4""#, .syntax, 5), ("'a'", .syntax, 0), ("]", .syntax, 0),
    ("\u{0}1", .syntax, 0), ("// c\n1", .syntax, 0),
  ])
  func `a fault is named with its place`(text: String, reason: JSONError.Reason, offset: Int) {
    let error = #expect(throws: JSONError.self) { try document(text) }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
    #expect(error?.description.contains("byte \(offset)") == true)
  }

  @Test func `nesting is accepted to the limit and not beyond`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[{\"a\":", count: depth / 2) + "1"
        + String(repeating: "}]", count: depth / 2)
    }
    _ = try document(nested(64))
    let error = #expect(throws: JSONError.self) { try document(nested(66)) }
    #expect(error?.reason == .tooDeep)
    let bomb = #expect(throws: JSONError.self) {
      try document(String(repeating: "[", count: 1_000_000))
    }
    #expect(bomb?.offset == 64)
  }

  @Test func `a byte order mark is skipped`() throws {
    let json = try document("\u{FEFF}[1]")
    #expect(json.count(of: json.root) == 1)
  }

  @Test func `a document is used again, and holds null after an error`() throws {
    var json = JSONDocument()
    #expect(json.kind(of: json.root) == .null)
    try json.parse(Array(#"{"a":1}"#.utf8))
    #expect(json.count(of: json.root) == 1)
    #expect(throws: JSONError.self) { try json.parse(Array("{".utf8)) }
    #expect(json.kind(of: json.root) == .null)
    try json.parse(Array("[1,2]".utf8))
    #expect(json.count(of: json.root) == 2)
  }

  @Test(arguments: 0..<24)
  func `the end of a string is found at every alignment`(length: Int) throws {
    for special in ["", "\\\"", "é", "\\u0041", "\u{0}"] {
      let before = String(repeating: "x", count: length)
      let json = try document("[\"\(before)\(special)yz\",2]")
      let first = try #require(json.elements(of: json.root).first { _ in true })
      #expect(json.string(first)?.hasPrefix(before) == true)
      #expect(json.string(first)?.hasSuffix("yz") == true)
      #expect(json.count(of: json.root) == 2)
    }
  }
}
