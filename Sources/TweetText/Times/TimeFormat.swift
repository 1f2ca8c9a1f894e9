import Tweets

/// The form of a source's times, written as for `strptime`: `%d/%m/%Y %H:%M`.
///
/// Directives: `%Y` year, `%y` its last two digits (69 to 99 are 1969 to 1999), `%m` month, `%d` and `%e` day, `%j` day
/// of the year, `%H` hour, `%I` hour of a 12-hour clock, `%p` AM or PM, `%M` minute, `%S` second, `%f` fraction of a
/// second, `%z` offset (`+0100`, `+01:00`, `Z`), `%Z` name of a zone, `%b` and `%B` name of a month, `%a` and `%A` name of
/// a weekday, `%s` seconds since 1970, `%T` as `%H:%M:%S`, `%D` as `%m/%d/%y`, `%F` as `%Y-%m-%d`, `%%` a percent sign.
/// A blank stands for any number of blanks. Anything else stands for itself. A text is read in one pass.
package struct TimeFormat: Sendable, Equatable {
  enum Element: Equatable {
    case byte(UInt8)
    case blanks
    case directive(UInt8)
  }

  /// The text of the format.
  package let text: String
  private let elements: [Element]

  /// The format in a text; refuses what is no format.
  package init(_ text: String) throws(TimeFormatError) {
    self.text = text
    elements = try TimeFormat.elements(of: Array(text.utf8))
    try check()
  }

  private static let known = Set("YymdejHIpMSfzZbBaAsTDF%".utf8)

  private static func elements(of bytes: [UInt8]) throws(TimeFormatError) -> [Element] {
    var elements: [Element] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        guard index + 1 < bytes.count else {
          throw TimeFormatError(
            place: index, cause: "a % ends the format; write %% for a percent sign")
        }
        let directive = bytes[index + 1]
        guard known.contains(directive) else {
          let name = Sanitizer.terminalSafe(
            String(decoding: bytes[index...(index + 1)], as: UTF8.self))
          throw TimeFormatError(
            place: index,
            cause:
              "\(name) is not known; known are %Y %y %m %d %e %j %H %I %p %M %S %f %z %Z %b %B %a %A %s %T %D %F %%"
          )
        }
        elements += expanded(directive)
        index += 2
      } else {
        if byte != 0x20 {
          elements.append(.byte(byte))
        } else if elements.last != .blanks {
          elements.append(.blanks)
        }
        index += 1
      }
    }
    return elements
  }

  private static func expanded(_ directive: UInt8) -> [Element] {
    func all(_ text: StaticString) -> [Element] {
      text.description.utf8.map { byte in
        TimeScanner.isLetter(byte) ? .directive(byte) : .byte(byte)
      }
    }
    return switch directive {
    case UInt8(ascii: "%"): [.byte(directive)]
    case UInt8(ascii: "T"): all("H:M:S")
    case UInt8(ascii: "D"): all("m/d/y")
    case UInt8(ascii: "F"): all("Y-m-d")
    default: [.directive(directive)]
    }
  }

  /// Refuses a format that names no day, or something twice.
  private func check() throws(TimeFormatError) {
    var seen: Set<UInt8> = []
    let alike: [UInt8: UInt8] = [
      UInt8(ascii: "y"): UInt8(ascii: "Y"), UInt8(ascii: "e"): UInt8(ascii: "d"),
      UInt8(ascii: "b"): UInt8(ascii: "m"), UInt8(ascii: "B"): UInt8(ascii: "m"),
      UInt8(ascii: "I"): UInt8(ascii: "H"), UInt8(ascii: "Z"): UInt8(ascii: "z"),
      UInt8(ascii: "A"): UInt8(ascii: "a"),
    ]
    for case .directive(let directive) in elements {
      guard seen.insert(alike[directive] ?? directive).inserted else {
        let name = Character(Unicode.Scalar(directive))
        throw TimeFormatError(place: nil, cause: "what %\(name) stands for is in the format twice")
      }
    }
    func has(_ directive: Unicode.Scalar) -> Bool { seen.contains(UInt8(ascii: directive)) }
    let hasDay = has("s") || has("Y") && (has("j") || has("m") && has("d"))
    guard hasDay else {
      throw TimeFormatError(
        place: nil,
        cause: "the format names no day; it needs a year, a month and a day, such as %d/%m/%Y")
    }
    let isTwelve = elements.contains(.directive(UInt8(ascii: "I")))
    guard !isTwelve || has("p") else {
      throw TimeFormatError(place: nil, cause: "%I needs %p, which says AM or PM")
    }
  }

  /// The parts of a text that has this form; nil for any other text.
  func parts(of bytes: ArraySlice<UInt8>) -> TimeParts? {
    guard bytes.count <= UnreadTime.longestText else { return nil }
    var scanner = TimeScanner(bytes)
    var parts = TimeParts()
    for element in elements {
      let isRead =
        switch element {
        case .byte(let byte): scanner.take(byte)
        case .blanks: TimeFormat.passBlanks(&scanner)
        case .directive(let directive): TimeFormat.read(directive, &scanner, into: &parts)
        }
      guard isRead else { return nil }
    }
    return scanner.isAtEnd ? parts : nil
  }

  private static func passBlanks(_ scanner: inout TimeScanner) -> Bool {
    while scanner.next == 0x20 || scanner.next == 0x09 { scanner.skip(1) }
    return true
  }
}
