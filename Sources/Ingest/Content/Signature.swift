/// The first bytes by which files of a kind are recognised.
enum Signature {
  private struct Entry {
    var bytes: [UInt8]
    var kind: ContentKind
    var offset = 0
  }

  /// The kind of an input with a signature; nil when it has none.
  static func find(_ bytes: ArraySlice<UInt8>) -> ContentKind? {
    for entry in entries where bytes.dropFirst(entry.offset).starts(with: entry.bytes) {
      return entry.kind
    }
    if let container = riff(bytes) { return container }
    if let pickle = pickle(bytes) { return pickle }
    let start = lowercasedStart(of: bytes)
    for (marker, content) in documents where start.starts(with: marker) {
      return .document(content)
    }
    return nil
  }

  /// True while more bytes may complete a signature.
  static func mayFollow(_ bytes: ArraySlice<UInt8>) -> Bool {
    for entry in entries where entry.offset == 0 && bytes.count < entry.bytes.count {
      if entry.bytes.starts(with: bytes) { return true }
    }
    if bytes.count < 12, bytes.starts(with: Array("RIFF".utf8).prefix(bytes.count)) { return true }
    let start = lowercasedStart(of: bytes)
    return documents.contains { $0.marker.count > start.count && $0.marker.starts(with: start) }
  }

  /// The name of binary content whose signature is too short to tell it from text.
  static func weak(_ bytes: ArraySlice<UInt8>) -> ForeignContent? {
    if bytes.starts(with: Array("MZ".utf8)) { return ForeignContent("a Windows program") }
    if bytes.starts(with: Array("BM".utf8)) { return ForeignContent("a BMP image") }
    if let first = bytes.first, let second = bytes.dropFirst().first, first == 0xFF,
      second & 0xE0 == 0xE0
    {
      return ForeignContent("MPEG audio")
    }
    return nil
  }

  private static func riff(_ bytes: ArraySlice<UInt8>) -> ContentKind? {
    guard bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)) else { return nil }
    let form = String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self)
    switch form {
    case "WEBP": return .binary(ForeignContent("a WebP image"))
    case "WAVE": return .binary(ForeignContent("WAV audio"))
    case "AVI ": return .binary(ForeignContent("an AVI video"))
    default: return nil
    }
  }

  /// Python's pickles: protocol 2 to 5 by two bytes, protocol 0 by what lists and dictionaries begin with.
  private static func pickle(_ bytes: ArraySlice<UInt8>) -> ContentKind? {
    let content = ForeignContent(
      "a Python pickle", remedy: "write the table with pandas' to_csv or to_json(lines=True)")
    let start = Array(bytes.prefix(6))
    guard start.count >= 2 else { return nil }
    if start[0] == 0x80, (2...5).contains(start[1]) { return .binary(content) }
    let isOld = ["(lp0\n", "(dp0\n", "(lp1\n", "(dp1\n"].contains { start.starts(with: $0.utf8) }
    return isOld ? .binary(content) : nil
  }

  /// The first bytes in lower case, without a byte order mark and blanks before them.
  private static func lowercasedStart(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    var rest = bytes.prefix(256)
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    return rest.prefix(48).map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
  }

  private static let asText = "convert it, or set format = \"text\" to count each line as a tweet"

  private static let documents: [(marker: [UInt8], content: ForeignContent)] = [
    ("<!doctype html", ForeignContent("an HTML page", remedy: asText)),
    ("<html", ForeignContent("an HTML page", remedy: asText)),
    ("<?xml", ForeignContent("an XML document", remedy: asText)),
    ("<svg", ForeignContent("an SVG image", remedy: asText)),
    ("{\\rtf", ForeignContent("an RTF document", remedy: "save it as plain text")),
    ("%!ps", ForeignContent("a PostScript document", remedy: asText)),
    ("-----begin ", ForeignContent("a key or certificate", remedy: asText)),
    (
      "version https://git-lfs.github.com/spec/",
      ForeignContent("a Git LFS pointer", remedy: "fetch the file itself with `git lfs pull`")
    ),
  ].map { (Array($0.0.utf8), $0.1) }

  private static let unpack = "unpack it, or pack the files as zip or tar"
  private static let asCSV = "export the table as CSV or JSON lines"

  private static func binary(_ name: String, remedy: String? = nil) -> ContentKind {
    .binary(remedy.map { ForeignContent(name, remedy: $0) } ?? ForeignContent(name))
  }

  private static let entries: [Entry] =
    archives + images + tables + media
    + [
      Entry(bytes: Array("%PDF-".utf8), kind: binary("a PDF document")),
      Entry(bytes: [0x7F] + "ELF".utf8, kind: binary("a program (ELF)")),
      Entry(bytes: [0xCA, 0xFE, 0xBA, 0xBE], kind: binary("a Java class or a program (Mach-O)")),
      Entry(bytes: [0xCF, 0xFA, 0xED, 0xFE], kind: binary("a program (Mach-O)")),
      Entry(bytes: [0] + "asm".utf8, kind: binary("a WebAssembly program")),
      Entry(
        bytes: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
        kind: binary("an old Office document (.doc, .xls)", remedy: "save the table as CSV")),
    ]

  private static let archives: [Entry] = [
    Entry(bytes: Array("PK".utf8) + [3, 4], kind: .zip),
    Entry(bytes: Array("PK".utf8) + [5, 6], kind: .zip),
    Entry(bytes: Array("PK".utf8) + [7, 8], kind: .zip),
    Entry(
      bytes: Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C],
      kind: binary("a 7z archive", remedy: unpack)),
    Entry(bytes: Array("Rar!".utf8) + [0x1A, 0x07], kind: binary("a RAR archive", remedy: unpack)),
    Entry(bytes: Array("MSCF".utf8) + [0, 0], kind: binary("a CAB archive", remedy: unpack)),
    Entry(bytes: Array("!<arch>\n".utf8), kind: binary("an ar archive", remedy: unpack)),
    Entry(bytes: [0x1F, 0x8B, 0x08], kind: binary("gzip in compressed data", remedy: unpack)),
    Entry(
      bytes: [0x28, 0xB5, 0x2F, 0xFD], kind: binary("zstd in compressed data", remedy: unpack)),
    Entry(
      bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00],
      kind: binary("xz in compressed data", remedy: unpack)),
    Entry(
      bytes: [0x04, 0x22, 0x4D, 0x18],
      kind: binary("an lz4 file", remedy: "unpack it, or pack it with gzip or zstd")),
    Entry(
      bytes: [0x5D, 0x00, 0x00], kind: binary("an lzma file", remedy: "unpack it, or pack it as xz")
    ),
    Entry(
      bytes: [0x1F, 0x9D], kind: binary("a compress file (.Z)", remedy: "unpack it first")),
  ]

  private static let images: [Entry] = [
    Entry(bytes: [0xFF, 0xD8, 0xFF], kind: binary("a JPEG image")),
    Entry(bytes: [0x89] + "PNG\r\n".utf8, kind: binary("a PNG image")),
    Entry(bytes: Array("GIF87a".utf8), kind: binary("a GIF image")),
    Entry(bytes: Array("GIF89a".utf8), kind: binary("a GIF image")),
    Entry(bytes: Array("II*".utf8) + [0], kind: binary("a TIFF image")),
    Entry(bytes: Array("MM".utf8) + [0, 0x2A], kind: binary("a TIFF image")),
    Entry(bytes: [0, 0, 1, 0], kind: binary("an icon")),
    Entry(bytes: Array("ftyphei".utf8), kind: binary("an HEIC image"), offset: 4),
    Entry(bytes: Array("ftypmif1".utf8), kind: binary("an HEIC image"), offset: 4),
    Entry(bytes: Array("ftypavif".utf8), kind: binary("an AVIF image"), offset: 4),
  ]

  private static let tables: [Entry] = [
    Entry(
      bytes: Array("SQLite format 3".utf8) + [0], kind: binary("an SQLite database", remedy: asCSV)),
    Entry(bytes: Array("PAR1".utf8), kind: binary("a Parquet file", remedy: asCSV)),
    Entry(bytes: Array("ARROW1".utf8) + [0], kind: binary("an Arrow file", remedy: asCSV)),
    Entry(bytes: Array("FEA1".utf8), kind: binary("a Feather file", remedy: asCSV)),
    Entry(bytes: Array("Obj".utf8) + [1], kind: binary("an Avro file", remedy: asCSV)),
    Entry(bytes: [0x89] + "HDF\r\n".utf8, kind: binary("an HDF5 file", remedy: asCSV)),
    Entry(bytes: [0x93] + "NUMPY".utf8, kind: binary("a NumPy array", remedy: asCSV)),
    Entry(bytes: Array("RDX2\n".utf8), kind: binary("an R data file", remedy: asCSV)),
    Entry(bytes: Array("RDX3\n".utf8), kind: binary("an R data file", remedy: asCSV)),
    Entry(bytes: Array("X\n".utf8) + [0, 0, 0], kind: binary("an R data file", remedy: asCSV)),
    Entry(bytes: Array("MATLAB 5.0 MAT".utf8), kind: binary("a MATLAB file", remedy: asCSV)),
    Entry(bytes: Array("$FL2@(#)".utf8), kind: binary("an SPSS file", remedy: asCSV)),
  ]

  private static let media: [Entry] = [
    Entry(bytes: Array("ftyp".utf8), kind: binary("an MP4 video"), offset: 4),
    Entry(bytes: Array("ID3".utf8) + [2], kind: binary("MP3 audio")),
    Entry(bytes: Array("ID3".utf8) + [3], kind: binary("MP3 audio")),
    Entry(bytes: Array("ID3".utf8) + [4], kind: binary("MP3 audio")),
    Entry(bytes: Array("OggS".utf8) + [0], kind: binary("Ogg audio or video")),
    Entry(bytes: Array("fLaC".utf8) + [0], kind: binary("FLAC audio")),
    Entry(bytes: Array("MThd".utf8) + [0], kind: binary("MIDI music")),
    Entry(bytes: [0x1A, 0x45, 0xDF, 0xA3], kind: binary("a Matroska or WebM video")),
    Entry(bytes: Array("FLV".utf8) + [1], kind: binary("a Flash video")),
    Entry(bytes: [0, 0, 1, 0xBA], kind: binary("an MPEG video")),
    Entry(bytes: Array("wOFF".utf8) + [0], kind: binary("a font")),
    Entry(bytes: Array("wOF2".utf8) + [0], kind: binary("a font")),
    Entry(bytes: Array("OTTO".utf8) + [0], kind: binary("a font")),
    Entry(bytes: [0, 1, 0, 0, 0], kind: binary("a font")),
  ]
}
