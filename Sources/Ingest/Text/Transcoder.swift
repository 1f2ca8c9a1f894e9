/// Turns the bytes of an input into lines of UTF-8, as they come.
///
/// Encodings that are ASCII as far as it goes pass through, so that offsets stay those of the file; their records are
/// repaired one by one. Others are converted, and offsets count the bytes of UTF-8.
struct Transcoder: ~Copyable, Sendable {
  let coding: TextCoding
  private var converter: CharacterConverter?
  /// Bytes or units that were replaced by U+FFFD.
  private(set) var replaced = 0
  /// The encoding as it turned out so far.
  private(set) var encoding: TextEncoding

  /// A transcoder for an input of which nothing is known yet.
  init() {
    coding = TextCoding(encoding: .ascii)
    encoding = .ascii
  }

  /// A transcoder; nil when libc does not know the encoding.
  init?(_ coding: TextCoding) {
    self.coding = coding
    encoding = coding.encoding
    guard case .other(let name) = coding.encoding else { return }
    guard let opened = CharacterConverter(from: name, unitSize: coding.encoding.unitSize) else {
      return nil
    }
    converter = consume opened
  }

  /// True when offsets behind it are those before it.
  var keepsOffsets: Bool { converter == nil }

  /// True when nothing is done to the bytes.
  var isIdentity: Bool { converter == nil && !coding.returnsEndLines }

  /// True while the beginning of a character waits for its rest.
  private(set) var holdsBytes = false

  /// Converts the bytes that follow those given before.
  mutating func convert(_ bytes: ArraySlice<UInt8>, atEnd: Bool = false) -> [UInt8] {
    var text =
      converter?.convert(bytes, atEnd: atEnd, holdsBytes: &holdsBytes, replaced: &replaced)
      ?? Array(bytes)
    if coding.returnsEndLines {
      for index in text.indices where text[index] == 0x0D { text[index] = 0x0A }
    }
    return text
  }

  /// Makes a record valid UTF-8, by the encoding of the first block or else by the record's own bytes.
  mutating func repair(_ bytes: inout [UInt8]) {
    guard !UTF8Text.isValid(bytes) else { return }
    let isOther =
      switch coding.encoding {
      case .utf8, .other: false
      case .windows1252: true
      case .ascii:
        { count in count.invalid > count.characters }(
          UTF8Text.count(bytes[...], isWhole: true))
      }
    let (repaired, count) = UTF8Text.repair(bytes, asWindows1252: isOther)
    bytes = repaired
    if isOther { encoding = .windows1252 }
    replaced += count
  }
}
