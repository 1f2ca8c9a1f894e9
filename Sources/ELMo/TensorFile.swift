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

  /// Refuses a tensor that is missing, has another shape, holds no floating-point numbers, or holds
  /// I8 without the scales that belong to it.
  package func check(_ wanted: TensorRequirement) throws(ModelError) {
    guard let entry = entries[wanted.name] else {
      if wanted.isOptional { return }
      throw .missingTensor(name: wanted.name, wanted: wanted.shape)
    }
    guard entry.shape == wanted.shape else {
      throw .tensorShape(name: wanted.name, wanted: wanted.shape, found: entry.shape)
    }
    try checkKind(wanted.name, entry)
  }

  /// Gives `body` the numbers of a tensor, row-major: where they lie for F32, decoded otherwise. The file's memory
  /// is given back after it.
  package func withFloats<Result>(
    of name: String, _ body: (Span<Float>) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    guard let entry = entries[name] else {
      throw .missingTensor(name: name, wanted: [])
    }
    defer { file.release(entry.bytes) }
    if entry.kind == .F32, entry.bytes.lowerBound % MemoryLayout<Float>.alignment == 0 {
      return try inPlace(entry, body)
    }
    let values = try decoded(name, entry)
    return try body(values.span)
  }

  /// A copy of a tensor's numbers, row-major.
  package func floats(of name: String) throws(ModelError) -> [Float] {
    guard let entry = entries[name] else { throw .missingTensor(name: name, wanted: []) }
    return try decoded(name, entry)
  }

  /// Refuses a tensor that holds a NaN or an infinity.
  package func checkFinite(_ name: String) throws(ModelError) {
    if entries[name]?.kind == .I8 { try checkFinite(Self.scaleName(of: name)) }
    try withFloats(of: name) { (values) throws(ModelError) in
      try Self.refuseNotFinite(values, of: name)
    }
  }

  static func refuseNotFinite(_ values: Span<Float>, of name: String) throws(ModelError) {
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
}
