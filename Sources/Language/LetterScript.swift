/// The scripts that tell a language apart from one that is written in Latin letters.
enum LetterScript: UInt8 {
  case latin, cyrillic, greek, arabic, hebrew, armenian, georgian, ethiopic, devanagari, bengali,
    gurmukhi, gujarati,
    oriya, tamil, telugu, kannada, malayalam, sinhala, thai, lao, burmese, khmer, kana, hangul, han

  /// The language that is most often written so; the detector tells others of the same script apart in longer texts.
  var language: String {
    switch self {
    case .latin: "und"
    case .cyrillic: "ru"
    case .greek: "el"
    case .arabic: "ar"
    case .hebrew: "he"
    case .armenian: "hy"
    case .georgian: "ka"
    case .ethiopic: "am"
    case .devanagari: "hi"
    case .bengali: "bn"
    case .gurmukhi: "pa"
    case .gujarati: "gu"
    case .oriya: "or"
    case .tamil: "ta"
    case .telugu: "te"
    case .kannada: "kn"
    case .malayalam: "ml"
    case .sinhala: "si"
    case .thai: "th"
    case .lao: "lo"
    case .burmese: "my"
    case .khmer: "km"
    case .kana: "ja"
    case .hangul: "ko"
    case .han: "zh"
    }
  }

  /// The script of a character outside ASCII by its block; nil for what is no letter or of no script that is listed.
  ///
  /// Blocks are enough: accents, punctuation and symbols inside them are few beside the letters.
  init?(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0xAA, 0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x1E00...0x1EFF: self = .latin
    case 0xFF21...0xFF3A, 0xFF41...0xFF5A: self = .latin
    case 0x370...0x37D, 0x37F...0x3FF, 0x1F00...0x1FFF: self = .greek
    case 0x400...0x52F: self = .cyrillic
    case 0x531...0x58F: self = .armenian
    case 0x5D0...0x5F2: self = .hebrew
    case 0x620...0x66F, 0x671...0x6D3, 0x6D5...0x6EF, 0x6FA...0x6FF, 0x750...0x77F, 0xFB50...0xFDFB,
      0xFE70...0xFEFC:
      self = .arabic
    case 0x900...0x97F: self = .devanagari
    case 0x980...0x9FF: self = .bengali
    case 0xA00...0xA7F: self = .gurmukhi
    case 0xA80...0xAFF: self = .gujarati
    case 0xB00...0xB7F: self = .oriya
    case 0xB80...0xBFF: self = .tamil
    case 0xC00...0xC7F: self = .telugu
    case 0xC80...0xCFF: self = .kannada
    case 0xD00...0xD7F: self = .malayalam
    case 0xD80...0xDFF: self = .sinhala
    case 0xE01...0xE5B: self = .thai
    case 0xE80...0xEFF: self = .lao
    case 0x1000...0x109F: self = .burmese
    case 0x10A0...0x10FF, 0x1C90...0x1CBF: self = .georgian
    case 0x1200...0x139F: self = .ethiopic
    case 0x1780...0x17FF: self = .khmer
    case 0x3041...0x3096, 0x30A1...0x30FA, 0x31F0...0x31FF, 0xFF66...0xFF9D: self = .kana
    case 0x1100...0x11FF, 0x3131...0x318E, 0xAC00...0xD7A3: self = .hangul
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: self = .han
    default: return nil
    }
  }
}
