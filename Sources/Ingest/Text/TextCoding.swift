/// How the bytes of an input become lines of UTF-8: what its first block told.
package struct TextCoding: Sendable, Equatable {
  /// How characters are written.
  package var encoding: TextEncoding
  /// True when a carriage return ends a line by itself, as on old Macs.
  package var returnsEndLines: Bool

  /// A coding from its parts.
  package init(encoding: TextEncoding, returnsEndLines: Bool = false) {
    self.encoding = encoding
    self.returnsEndLines = returnsEndLines
  }

  /// The coding of an input that begins with these bytes; a given encoding is believed.
  static func detect(
    _ block: ArraySlice<UInt8>, isWhole: Bool, given: TextEncoding?
  ) -> TextCoding {
    let encoding = given ?? .detect(block, isWhole: isWhole)
    var coding = TextCoding(encoding: encoding)
    if case .other = encoding {
      guard var trial = Transcoder(coding) else { return coding }
      coding.returnsEndLines = endsLinesByReturns(trial.convert(block)[...])
    } else {
      coding.returnsEndLines = endsLinesByReturns(block)
    }
    return coding
  }

  /// More carriage returns stand alone than there are line feeds.
  private static func endsLinesByReturns(_ text: ArraySlice<UInt8>) -> Bool {
    var feeds = 0
    var returns = 0
    var wasReturn = false
    for byte in text {
      if byte == 0x0A {
        feeds += 1
        if wasReturn { returns -= 1 }
      }
      wasReturn = byte == 0x0D
      if wasReturn { returns += 1 }
    }
    return returns > feeds && returns > (wasReturn ? 1 : 0)
  }
}
