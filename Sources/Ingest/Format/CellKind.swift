/// What a cell of a table looks like.
enum CellKind: Hashable {
  case empty
  /// Ten digits and more: an id of the platform.
  case id
  case number
  case date
  /// A word for a sentiment.
  case label
  case link
  /// A single word.
  case word
  case text

  private static let labels: Set<String> = [
    "positive", "negative", "neutral", "irrelevant", "pos", "neg", "neu", "objective",
    "objective-or-neutral", "mixed", "extremely positive", "extremely negative",
  ]

  init(_ cell: String) {
    let text = cell.drop { $0.isWhitespace }
    let bytes = Array(text.utf8.prefix(200))
    guard let first = bytes.first else {
      self = .empty
      return
    }
    if bytes.allSatisfy({ $0 &- 0x30 < 10 }) {
      self = (10...20).contains(bytes.count) ? .id : .number
    } else if bytes.count <= 24, Double(text) != nil {
      self = .number
    } else if bytes.count <= 40, CellKind.isDate(bytes) {
      self = .date
    } else if bytes.count <= 24, CellKind.labels.contains(text.lowercased()) {
      self = .label
    } else if first == UInt8(ascii: "h"), text.hasPrefix("http"), !bytes.contains(0x20) {
      self = .link
    } else {
      self = bytes.contains(0x20) ? .text : .word
    }
  }

  /// Digits between the signs of a date, and letters of a month, a weekday or a zone at most.
  private static func isDate(_ bytes: [UInt8]) -> Bool {
    var groups = 0
    var isInDigits = false
    var words = 0
    var letters = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39:
        if !isInDigits { groups += 1 }
        isInDigits = true
        letters = 0
      case 0x41...0x5A, 0x61...0x7A:
        if letters == 0 { words += 1 }
        letters += 1
        if letters > 9 { return false }
        isInDigits = false
      case 0x20, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A:  // blank + , - . / :
        isInDigits = false
        letters = 0
      default: return false
      }
    }
    return groups >= 3 && words <= 4
  }

  /// True for what a column of a table has in all its rows and a text seldom is.
  var isTyped: Bool {
    switch self {
    case .id, .number, .date, .label, .link: true
    case .empty, .word, .text: false
    }
  }
}
