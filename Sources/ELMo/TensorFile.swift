/// A safetensors file, mapped and never changed.
///
/// https://github.com/huggingface/safetensors#format: eight bytes of header length, a JSON header,
/// then the numbers. The header is checked whole at opening, the numbers are read where they lie.
package struct TensorFile: Sendable {
  /// Where one tensor lies.
  struct Entry: Sendable {
    let kind: TensorKind
    let shape: [Int]
    let bytes: Range<Int>  // of the file
  }

  let file: MappedFile
  let entries: [String: Entry]

  /// The file's path.
  package var path: String { file.path }

  /// The names in the file, sorted.
  package var names: [String] { entries.keys.sorted() }

  /// Opens a file and checks its header: sizes, offsets, overlaps.
  package init(_ path: String) throws(ModelError) {
    file = try MappedFile(path)
    entries = try Self.readHeader(file)
  }

  /// The extents of a tensor; nil when there is none of that name.
  package func shape(of name: String) -> [Int]? { entries[name]?.shape }

  /// Whether a tensor of that name is there.
  package func contains(_ name: String) -> Bool { entries[name] != nil }

  /// Refuses a tensor that is missing, has another shape or holds no floating-point numbers.
  package func check(_ wanted: TensorRequirement) throws(ModelError) {
    guard let entry = entries[wanted.name] else {
      if wanted.isOptional { return }
      throw .missingTensor(name: wanted.name, wanted: wanted.shape)
    }
    guard entry.shape == wanted.shape else {
      throw .tensorShape(name: wanted.name, wanted: wanted.shape, found: entry.shape)
    }
    guard entry.kind.isFloat else {
      throw .tensorType(name: wanted.name, wanted: "F32", found: entry.kind.rawValue)
    }
  }

  /// Gives `body` the numbers of a tensor, row-major: where they lie for F32, widened otherwise.
  package func withFloats<Result>(
    of name: String, _ body: (Span<Float>) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    guard let entry = entries[name] else {
      throw .missingTensor(name: name, wanted: [])
    }
    if entry.kind == .F32, entry.bytes.lowerBound % MemoryLayout<Float>.alignment == 0 {
      return try inPlace(entry, body)
    }
    let values = try widened(name, entry)
    return try body(values.span)
  }

  /// A copy of a tensor's numbers, row-major.
  package func floats(of name: String) throws(ModelError) -> [Float] {
    guard let entry = entries[name] else { throw .missingTensor(name: name, wanted: []) }
    return try widened(name, entry)
  }

  /// Refuses a tensor that holds a NaN or an infinity.
  package func checkFinite(_ name: String) throws(ModelError) {
    try withFloats(of: name) { (values) throws(ModelError) in
      var start = 0
      while start < values.count {
        let end = min(start + 4096, values.count)
        // The largest magnitude as an integer: NaN and infinity lie above all numbers, and the
        // compiler spreads the loop over lanes.
        var worst: UInt32 = 0
        for index in start..<end { worst = max(worst, values[index].bitPattern & 0x7FFF_FFFF) }
        if worst >= 0x7F80_0000 {
          for index in start..<end where !values[index].isFinite {
            throw .notFinite(name: name, index: index)
          }
        }
        start = end
      }
    }
  }

  private func inPlace<Result>(
    _ entry: Entry, _ body: (Span<Float>) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    // A typed error does not pass through `rethrows`, so the outcome is carried out by hand.
    let outcome: Swift.Result<Result, ModelError> = unsafe file.withBytes(entry.bytes) { bytes in
      // The bytes are aligned (checked by the caller), immutable, and mapped during the call.
      let floats = unsafe bytes.bindMemory(to: Float.self)
      do throws(ModelError) {
        return .success(try body(unsafe Span(_unsafeElements: floats)))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func widened(_ name: String, _ entry: Entry) throws(ModelError) -> [Float] {
    guard entry.kind.isFloat else {
      throw .tensorType(name: name, wanted: "F32", found: entry.kind.rawValue)
    }
    let kind = entry.kind
    return unsafe file.withBytes(entry.bytes) { bytes in
      (0..<bytes.count / kind.size).map { index in
        switch kind {
        case .F16:
          let bits = unsafe bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
          return Float(Float16(bitPattern: UInt16(littleEndian: bits)))
        case .BF16:
          let bits = unsafe bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
          return Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
        default:
          let bits = unsafe bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
          return Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
    }
  }
}

/// The kinds of number a safetensors file can hold.
enum TensorKind: String, Sendable {
  case BOOL, U8, I8, F8_E4M3, F8_E5M2, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64

  var size: Int {
    switch self {
    case .BOOL, .U8, .I8, .F8_E4M3, .F8_E5M2: 1
    case .I16, .U16, .F16, .BF16: 2
    case .I32, .U32, .F32: 4
    case .I64, .U64, .F64: 8
    }
  }

  /// Whether this program can read it as Float.
  var isFloat: Bool { self == .F32 || self == .F16 || self == .BF16 }
}
