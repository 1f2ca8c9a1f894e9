/// A word of a document that may be a number.
enum TOMLNumber: Equatable {
  case integer(Int)
  case double(Double)
  case tooLarge
  case leadingZero
  case notANumber

  static func read(_ word: String) -> TOMLNumber {
    let bytes = Array(word.utf8)
    let isSigned = bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-")
    let body = bytes.dropFirst(isSigned ? 1 : 0)
    let isNegative = bytes.first == UInt8(ascii: "-")
    if body.elementsEqual("inf".utf8) { return .double(isNegative ? -.infinity : .infinity) }
    if body.elementsEqual("nan".utf8) { return .double(.nan) }
    if !isSigned, bytes.count > 2, bytes[0] == UInt8(ascii: "0"),
      let radix = radices[bytes[1]]
    {
      return integer(bytes[2...], radix: radix, sign: "")
    }
    return decimal(body, sign: isNegative ? "-" : "")
  }

  private static let radices: [UInt8: Int] = [
    UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2,
  ]

  private static func integer(
    _ bytes: ArraySlice<UInt8>, radix: Int, sign: String
  ) -> TOMLNumber {
    guard let digits = digits(bytes, radix: radix) else { return .notANumber }
    guard let number = Int(sign + digits, radix: radix) else { return .tooLarge }
    return .integer(number)
  }

  /// Whole numbers and fractions of base ten, without their sign.
  private static func decimal(_ bytes: ArraySlice<UInt8>, sign: String) -> TOMLNumber {
    var rest = bytes
    guard let whole = takeDigits(&rest) else { return .notANumber }
    let hasZero = whole.utf8.count > 1 && whole.hasPrefix("0")
    if rest.isEmpty {
      return hasZero ? .leadingZero : integer(bytes, radix: 10, sign: sign)
    }
    var text = sign + whole
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard let fraction = takeDigits(&rest) else { return .notANumber }
      text += "." + fraction
    }
    if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      text += "e"
      if rest.first == UInt8(ascii: "-") { text += "-" }
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      guard let exponent = takeDigits(&rest) else { return .notANumber }
      text += exponent
    }
    guard rest.isEmpty, let number = Double(text) else { return .notANumber }
    return hasZero ? .leadingZero : .double(number)
  }

  /// Takes digits and the underscores between them; the digits alone, nil when there are none.
  private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> String? {
    let taken = rest.prefix { TOMLParser.isDigit($0) || $0 == UInt8(ascii: "_") }
    rest = rest[taken.endIndex...]
    return digits(taken, radix: 10)
  }

  /// The digits without the underscores between them; nil for anything else.
  private static func digits(_ bytes: ArraySlice<UInt8>, radix: Int) -> String? {
    var text: [UInt8] = []
    var isAfterDigit = false
    for byte in bytes {
      if byte == UInt8(ascii: "_") {
        guard isAfterDigit else { return nil }
        isAfterDigit = false
      } else {
        guard TOMLParser.isLetterOrDigit(byte),
          Int(String(decoding: [byte], as: UTF8.self), radix: radix) != nil
        else { return nil }
        text.append(byte)
        isAfterDigit = true
      }
    }
    return isAfterDigit ? String(decoding: text, as: UTF8.self) : nil
  }
}
