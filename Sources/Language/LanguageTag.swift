/// The tags by which platforms and files name languages, brought to one form.
package enum LanguageTag {
  /// The word for an unknown language in settings, outputs and the database.
  package static let unknown = "und"

  /// The language of a tag: its first part in lower case, two letters where ISO 639 has two; nil where the tag tells none.
  ///
  /// `en-GB` gives `en`, `EN` gives `en`, `eng` gives `en`, `English` gives `en`, `iw` gives `he`, `nb` gives `no`. X's marks for posts without
  /// words (`qme`, `qht`, `zxx`) and everything that is no tag give nil.
  package static func language(of tag: String?) -> String? {
    guard let tag else { return nil }
    var word: [UInt8] = []
    for byte in tag.utf8.drop(while: { $0 == 0x20 }) {
      switch byte {
      case 0x41...0x5A: word.append(byte | 0x20)
      case 0x61...0x7A: word.append(byte)
      case UInt8(ascii: "-"), UInt8(ascii: "_"), 0x20: return language(word: word)
      default: return nil
      }
      if word.count > longestWord { return nil }
    }
    return language(word: word)
  }

  private static func language(word: [UInt8]) -> String? {
    let word = String(decoding: word, as: UTF8.self)
    if let code = aliases[word] { return code }
    guard (2...3).contains(word.utf8.count), !unknowns.contains(word) else { return nil }
    // ISO 639 leaves qaa to qtz to private use; X marks posts without words by them.
    if word.utf8.count == 3, ("qaa"..."qtz").contains(word) { return nil }
    return word
  }

  private static let longestWord = 20

  private static let unknowns: Set<String> = [
    "art", "mis", "mul", "na", "null", "un", "und", "unk", "xx", "xxx", "zxx",
  ]

  /// Other words for a language: withdrawn codes, codes of three letters, English names.
  private static let aliases: [String: String] = {
    var aliases: [String: String] = [:]
    for (code, words) in others {
      for word in words.split(separator: " ") { aliases[String(word)] = code }
    }
    return aliases
  }()

  private static let others: [(code: String, words: String)] = [
    ("ar", "ara arabic"), ("bg", "bul bulgarian"), ("bn", "ben bengali"), ("ca", "cat catalan"),
    ("cs", "ces cze czech"), ("da", "dan danish"), ("de", "deu ger german deutsch"),
    ("el", "ell gre greek"),
    ("en", "eng english"), ("es", "spa spanish"), ("et", "est estonian"),
    ("fa", "fas per persian farsi"),
    ("fi", "fin finnish"), ("fr", "fra fre french"), ("he", "iw heb hebrew"), ("hi", "hin hindi"),
    ("hr", "hrv croatian"), ("hu", "hun hungarian"), ("id", "in ind indonesian"),
    ("it", "ita italian"),
    ("ja", "jpn japanese"), ("jv", "jw jav javanese"), ("ko", "kor korean"),
    ("ms", "msa may malay"),
    ("nl", "nld dut dutch"), ("no", "nb nn nor nob nno norwegian"), ("pl", "pol polish"),
    ("pt", "por portuguese"), ("ro", "mo ron rum romanian"), ("ru", "rus russian"),
    ("sk", "slk slo slovak"),
    ("sl", "slv slovenian"), ("sr", "sh srp serbian"), ("sv", "swe swedish"), ("sw", "swa swahili"),
    ("ta", "tam tamil"), ("te", "tel telugu"), ("th", "tha thai"),
    ("tl", "fil tgl tagalog filipino"),
    ("tr", "tur turkish"), ("uk", "ukr ukrainian"), ("ur", "urd urdu"), ("vi", "vie vietnamese"),
    ("zh", "zho chi cmn chinese"),
  ]
}
