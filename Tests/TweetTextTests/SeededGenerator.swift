/// SplitMix64, so that a failing test can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Long texts that would hurt a cleaner that looks ahead too far.
func hostileTexts(length: Int) -> [String] {
  [
    "a", "'", "n't", "x's", "o'n't", "@", "@a", "#", "&", "&#0000", "&amp", ":", ":(", "<3", "<33x",
    "(:", "-_", "^_",
    "h", "http", "http:", "http://", "www.", "…", "’", "😂", "👩\u{200D}", "🇺🇸", "1\u{FE0F}\u{20E3}",
    "\u{301}",
    "ـ\u{200C}", "ℹ", "1.", "!", "'s ", "a ", "ह्", "日", "=//",
  ].map { String(repeating: $0, count: max(1, length / $0.utf8.count)) }
}
