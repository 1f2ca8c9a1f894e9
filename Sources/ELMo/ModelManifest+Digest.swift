/// The digest of a bundle: SHA-256 of the bytes of its model.json, with zeros in the place of the digest itself.
///
/// As model.json holds the checksum of the weights, the digest covers both.
extension ModelManifest {
  private static let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 64)

  /// The bytes of a model.json with the digest that they must have; nil for bytes without a place for it.
  ///
  /// `digits` is the digest that stands in the bytes now.
  static func sealed(_ bytes: [UInt8], digits: String) -> (bytes: [UInt8], digest: String)? {
    let wanted = Array(digits.utf8)
    guard wanted.count == zeros.count, let place = only(wanted, in: bytes) else { return nil }
    var bytes = bytes
    bytes.replaceSubrange(place, with: zeros)
    var hash = SHA256()
    hash.update(bytes.span)
    let digest = hash.finish()
    bytes.replaceSubrange(place, with: digest.utf8)
    return (bytes, digest)
  }

  /// The bytes of a model.json with its digest.
  package func sealed() throws(ModelError) -> [UInt8] {
    var manifest = self
    manifest.digest = String(decoding: Self.zeros, as: UTF8.self)
    let bytes = try manifest.encoded()
    guard let sealed = Self.sealed(bytes, digits: manifest.digest ?? "") else {
      throw .manifest(file: name, cause: "it holds 64 zeros beside the digest")
    }
    return sealed.bytes
  }

  /// The same for the bytes of a file, which stay as they are otherwise; a missing digest gets a line of its own.
  package static func sealed(file path: String) throws(ModelError) -> [UInt8] {
    let manifest = try ModelManifest(contentsOf: path)
    var bytes = try Self.bytes(of: path)
    var digits = manifest.digest ?? ""
    if manifest.digest == nil {
      digits = String(decoding: zeros, as: UTF8.self)
      guard let brace = bytes.firstIndex(of: UInt8(ascii: "{")) else {
        throw .manifest(file: path, cause: "it is no JSON object")
      }
      let next = only(Array("\n  \"elmo\"".utf8), in: bytes)?.lowerBound ?? brace + 1
      bytes.insert(contentsOf: "\n  \"digest\" : \"\(digits)\",".utf8, at: next)
    }
    guard let sealed = Self.sealed(bytes, digits: digits) else {
      throw .manifest(file: path, cause: "its digest is not 64 digits that stand there once")
    }
    return sealed.bytes
  }

  /// Refuses a model.json whose bytes differ from its digest; one without a digest is not covered.
  static func verify(file path: String) throws(ModelError) {
    guard let digest = try ModelManifest(contentsOf: path).digest else { return }
    let found = Self.sealed(try Self.bytes(of: path), digits: digest)?.digest
    guard found == digest else {
      throw .digest(file: path, wanted: digest, found: found ?? "none")
    }
  }

  private static func bytes(of path: String) throws(ModelError) -> [UInt8] {
    let file = try MappedFile(path)
    return unsafe file.withBytes(0..<file.count) { unsafe Array($0) }
  }

  /// Where some bytes stand in others, if they do so once.
  private static func only(_ wanted: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
    var found: Range<Int>?
    guard bytes.count >= wanted.count else { return nil }
    for start in 0...(bytes.count - wanted.count) where bytes[start] == wanted[0] {
      let range = start..<(start + wanted.count)
      guard bytes[range].elementsEqual(wanted) else { continue }
      if found != nil { return nil }
      found = range
    }
    return found
  }
}
