/// What the first decompressed bytes of an input say that it is.
package enum ContentKind: Sendable, Equatable {
  /// Text in any encoding: it may hold tweets.
  case text
  /// A ZIP archive.
  case zip
  /// A tar archive.
  case tar
  /// Text of a kind that holds no tweets, such as an HTML page.
  case document(ForeignContent)
  /// Bytes that are not text, such as an image.
  case binary(ForeignContent)

  /// True for an archive that is read member by member.
  var isArchive: Bool { self == .zip || self == .tar }

  /// Bytes after which the kind is decided in any case.
  static let enough = 1024
  /// Bytes that are looked at when more are there.
  static let mostBytes = 64 << 10

  /// The kind of an input that begins so; nil while too few bytes are there to tell.
  ///
  /// `isWhole`: no more bytes will come.
  package static func detect(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> ContentKind? {
    guard !bytes.isEmpty else { return isWhole ? .text : nil }
    let bytes = bytes.prefix(mostBytes)
    if isWideText(bytes) { return .text }
    if let signature = Signature.find(bytes) { return signature }
    if !isWhole, bytes.count < enough, bytes.contains(0) || Signature.mayFollow(bytes) {
      return nil
    }
    if isTar(bytes) { return .tar }
    guard let fault = textFault(bytes) else { return .text }
    return .binary(Signature.weak(bytes) ?? fault)
  }

  /// True for the header of a tar member: its checksum is the sum of its bytes.
  private static func isTar(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 512 else { return false }
    let header = Array(bytes.prefix(512))
    let digits = header[148..<156].filter { $0 != 0x20 && $0 != 0 }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return false }
    let stored = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
    let sum = header.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(header[$1])) }
    return sum == stored
  }
}

/// The name of content that holds no tweets, and what helps.
package struct ForeignContent: Sendable, Equatable {
  /// The name with its article: `a JPEG image`.
  package var name: String
  /// What the operator can do.
  package var remedy: String

  /// Content from its name and remedy.
  package init(_ name: String, remedy: String = "name files of tweets: JSON, CSV or text") {
    self.name = name
    self.remedy = remedy
  }
}
