import Foundation

extension TensorFile {
  /// The longest header the format allows.
  static let longestHeader = 100_000_000

  static func readHeader(_ file: MappedFile) throws(ModelError) -> [String: Entry] {
    func malformed(_ cause: String) -> ModelError { .malformedFile(file: file.path, cause: cause) }
    guard file.count >= 8 else {
      throw malformed("\(file.count) bytes are too few for a safetensors file; fetch it again")
    }
    let declared = unsafe file.withBytes(0..<8) {
      UInt64(littleEndian: unsafe $0.loadUnaligned(as: UInt64.self))
    }
    guard declared <= UInt64(longestHeader) else {
      throw malformed("a header of \(declared) bytes, at most \(longestHeader) are allowed")
    }
    let start = 8 + Int(declared)
    guard start <= file.count else {
      throw malformed(
        "the header needs \(start) bytes, the file has \(file.count); fetch it again")
    }
    let header = unsafe file.withBytes(8..<start) { unsafe Data($0) }
    let members: [String: RawEntry]
    do {
      members = try JSONDecoder().decode([String: RawEntry].self, from: header)
    } catch {
      throw malformed("the header is no safetensors header; \(JSONFault.text(error))")
    }
    var entries: [String: Entry] = [:]
    for (name, raw) in members where name != "__metadata__" {
      entries[name] = try entry(name, raw, payload: start, file: file)
    }
    try refuseOverlaps(entries)
    return entries
  }

  private static func entry(
    _ name: String, _ raw: RawEntry, payload: Int, file: MappedFile
  ) throws(ModelError) -> Entry {
    func malformed(_ cause: String) -> ModelError {
      .malformedFile(file: file.path, cause: "tensor \(name) \(cause)")
    }
    guard let dtype = raw.dtype, let shape = raw.shape, let offsets = raw.data_offsets else {
      throw malformed("lacks dtype, shape or data_offsets")
    }
    guard let kind = TensorKind(rawValue: dtype) else {
      throw .tensorType(name: name, wanted: "F32", found: dtype)
    }
    var bytes = kind.size
    for extent in shape {
      let (product, isTooLarge) = bytes.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !isTooLarge else { throw malformed("has the impossible shape \(shape)") }
      bytes = product
    }
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw malformed("has the impossible offsets \(offsets)")
    }
    guard offsets[1] - offsets[0] == bytes else {
      throw malformed("of shape \(shape) needs \(bytes) bytes, its offsets are \(offsets)")
    }
    let room = file.count - payload
    guard offsets[1] <= room else {
      throw .truncatedTensor(
        name: name, shape: shape, wantedBytes: bytes, foundBytes: max(0, room - offsets[0]))
    }
    return Entry(kind: kind, shape: shape, bytes: payload + offsets[0]..<payload + offsets[1])
  }

  private static func refuseOverlaps(_ entries: [String: Entry]) throws(ModelError) {
    let order = entries.filter { !$0.value.bytes.isEmpty }
      .sorted { ($0.value.bytes.lowerBound, $0.key) < ($1.value.bytes.lowerBound, $1.key) }
    for (first, second) in zip(order, order.dropFirst())
    where first.value.bytes.upperBound > second.value.bytes.lowerBound {
      throw .overlappingTensors(first: first.key, second: second.key)
    }
  }
}

/// One member of the header; `__metadata__` has none of these keys.
private struct RawEntry: Decodable {
  let dtype: String?
  let shape: [Int]?
  let data_offsets: [Int]?
}
