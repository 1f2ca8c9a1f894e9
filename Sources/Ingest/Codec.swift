/// How a file is compressed, told by its first bytes.
package enum Codec: String, Sendable, Equatable, CaseIterable {
  case plain, gzip, bzip2, xz, zstd

  private var magic: [UInt8] {
    switch self {
    case .plain: []
    case .gzip: [0x1F, 0x8B, 0x08]
    case .bzip2: [0x42, 0x5A, 0x68]  // BZh
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    }
  }

  /// The codec of a file that begins so; nil while too few bytes are there.
  static func detect(_ bytes: ArraySlice<UInt8>, atEnd: Bool) -> Codec? {
    for codec in allCases where codec != .plain {
      let magic = codec.magic
      if bytes.starts(with: magic) { return confirm(codec, bytes, atEnd: atEnd) }
      if !atEnd, bytes.count < magic.count, magic.starts(with: bytes) { return nil }
    }
    return .plain
  }

  /// `BZh` may also begin a text; bzip2 goes on with a digit and the digits of pi.
  private static func confirm(_ codec: Codec, _ bytes: ArraySlice<UInt8>, atEnd: Bool) -> Codec? {
    guard codec == .bzip2 else { return codec }
    let rest = bytes.dropFirst(3)
    guard let level = rest.first else { return atEnd ? .bzip2 : nil }
    guard (0x31...0x39).contains(level) else { return .plain }
    guard let next = rest.dropFirst().first else { return atEnd ? .bzip2 : nil }
    return next == 0x31 || next == 0x17 ? .bzip2 : .plain
  }
}
