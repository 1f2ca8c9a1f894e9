import ELMo
import Foundation

// A checkpoint file: `ELMONDCP`, the version and the length of the list (32 and 64 bits, little-endian), the
// list as JSON, the arrays' numbers one after another in its order, and the SHA-256 of all that as 64
// hexadecimal digits.
extension CheckpointState {
  private static let magic = Array("ELMONDCP".utf8)
  private static let version = 1
  private static let digestLength = 64
  private static let startLength = 20

  private struct Contents: Codable {
    struct Entry: Codable {
      let name: String
      let kind: Kind
      let count: Int
    }

    let arrays: [Entry]
    let texts: [String: String]
  }

  /// Writes the state into a file that takes its name when it is whole; the numbers go out where they
  /// lie.
  package func write(to path: String) throws(CheckpointError) {
    let names = arrays.keys.sorted()
    let contents = Contents(
      arrays: names.compactMap { name in
        arrays[name].map { .init(name: name, kind: $0.kind, count: $0.count) }
      }, texts: texts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let list = try? encoder.encode(contents) else {
      throw .system(operation: "write", path: path, cause: "its texts cannot be encoded")
    }
    var start = CheckpointState.magic
    for shift in stride(from: 0, to: 32, by: 8) {
      start.append(UInt8(truncatingIfNeeded: CheckpointState.version >> shift))
    }
    for shift in stride(from: 0, to: 64, by: 8) {
      start.append(UInt8(truncatingIfNeeded: list.count >> shift))
    }
    start += list
    do throws(ModelError) {
      var hash = SHA256()
      hash.update(start.span)
      let file = try OutputFile.create(path, start: start.span)
      for name in names {
        guard let values = arrays[name] else { continue }
        try values.write(to: file, hash: &hash)
      }
      let digest = Array(hash.finish().utf8)
      try file.write(digest.span)
      try file.finish()
    } catch {
      guard case .system(let operation, let path, let cause) = error else {
        throw .system(operation: "write", path: path, cause: "\(error)")
      }
      throw .system(operation: operation, path: path, cause: cause)
    }
  }

  /// Reads a file that `write` made; refuses one that is cut short, damaged or of another make.
  package init(contentsOf path: String) throws(CheckpointError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      throw .system(operation: "read", path: path, cause: error.localizedDescription)
    }
    self = try CheckpointState.read(data.span, path: path)
  }

  private static func read(
    _ bytes: Span<UInt8>, path: String
  ) throws(CheckpointError) -> CheckpointState {
    let (contents, payload) = try CheckpointState.contents(of: bytes, path: path)
    let wanted = contents.arrays.reduce(payload) { $0 + $1.count * $1.kind.size }
    guard bytes.count == wanted + CheckpointState.digestLength else {
      throw .size(path: path, wanted: wanted + CheckpointState.digestLength, found: bytes.count)
    }
    var hash = SHA256()
    hash.update(bytes.extracting(0..<wanted))
    let found = hash.finish()
    let noted = String(
      decoding: (wanted..<bytes.count).map { bytes[$0] }, as: UTF8.self)
    guard found == noted else { throw .checksum(path: path, wanted: noted, found: found) }
    var state = CheckpointState()
    state.texts = contents.texts
    var offset = payload
    for entry in contents.arrays {
      state.arrays[entry.name] = Values(entry.kind, count: entry.count, bytes, at: offset)
      offset += entry.count * entry.kind.size
    }
    return state
  }

  /// The list, and where the numbers begin.
  private static func contents(
    of bytes: Span<UInt8>, path: String
  ) throws(CheckpointError) -> (Contents, payload: Int) {
    for index in 0..<min(magic.count, bytes.count) where bytes[index] != magic[index] {
      throw .foreign(path: path)
    }
    guard bytes.count >= startLength else {
      throw .size(path: path, wanted: startLength, found: bytes.count)
    }
    var found = 0
    for index in 0..<4 { found |= Int(bytes[8 + index]) << (8 * index) }
    guard found == version else { throw .version(path: path, wanted: version, found: found) }
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(bytes[12 + index]) << (8 * UInt64(index)) }
    let room = bytes.count - startLength
    guard length <= UInt64(room) else {
      throw .size(
        path: path, wanted: startLength + Int(min(length, UInt64(Int32.max))), found: bytes.count)
    }
    let payload = startLength + Int(length)
    let list = unsafe bytes.extracting(startLength..<payload).withUnsafeBufferPointer {
      // Copied inside the call.
      unsafe Data($0)
    }
    let contents: Contents
    do {
      contents = try JSONDecoder().decode(Contents.self, from: list)
    } catch {
      throw .header(path: path, cause: "it is no such JSON")
    }
    var left = bytes.count - payload
    for entry in contents.arrays {
      guard entry.count >= 0, entry.count <= left / entry.kind.size else {
        throw .size(
          path: path, wanted: bytes.count - left + digestLength, found: bytes.count)
      }
      left -= entry.count * entry.kind.size
    }
    return (contents, payload)
  }
}

extension CheckpointState.Values {
  /// Numbers that lie in a file's bytes at an offset.
  fileprivate init(_ kind: CheckpointState.Kind, count: Int, _ bytes: Span<UInt8>, at offset: Int) {
    let range = offset..<offset + count * kind.size
    switch kind {
    case .f32: self = .floats(Self.numbers(0, count: count, bytes.extracting(range)))
    case .f64: self = .doubles(Self.numbers(0, count: count, bytes.extracting(range)))
    case .i64: self = .integers(Self.numbers(0, count: count, bytes.extracting(range)))
    case .u64: self = .words(Self.numbers(0, count: count, bytes.extracting(range)))
    }
  }

  private static func numbers<Number: BitwiseCopyable>(
    _ zero: Number, count: Int, _ bytes: Span<UInt8>
  ) -> [Number] {
    var numbers = [Number](repeating: zero, count: count)
    unsafe numbers.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBufferPointer { source in
        // The span holds as many bytes as the array: the caller's range is made of its count.
        unsafe target.copyBytes(from: source)
      }
    }
    return numbers
  }

  fileprivate func write(
    to file: borrowing OutputFile, hash: inout SHA256
  ) throws(ModelError) {
    switch self {
    case .floats(let values): try Self.write(values, to: file, hash: &hash)
    case .doubles(let values): try Self.write(values, to: file, hash: &hash)
    case .integers(let values): try Self.write(values, to: file, hash: &hash)
    case .words(let values): try Self.write(values, to: file, hash: &hash)
    }
  }

  // The machines this runs on are little-endian, as the format is.
  private static func write<Number: BitwiseCopyable>(
    _ values: [Number], to file: borrowing OutputFile, hash: inout SHA256
  ) throws(ModelError) {
    let numbers = values.span
    try unsafe numbers.withUnsafeBytes { (raw) throws(ModelError) in
      let bytes = unsafe Span(_unsafeElements: raw.bindMemory(to: UInt8.self))
      hash.update(bytes)
      try file.write(bytes)
    }
  }
}
