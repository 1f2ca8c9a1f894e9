/// Writes a safetensors file of known tensors, one after another, and lets it appear when whole.
package struct TensorWriter: ~Copyable {
  private let file: OutputFile
  private var pending: ArraySlice<TensorRequirement>
  private var written = 0
  private var hash = SHA256()

  /// Starts a file at `path` for F32 tensors of these names and shapes, in this order.
  package init(_ path: String, tensors: [TensorRequirement]) throws(ModelError) {
    var header = SafetensorsHeader()
    for tensor in tensors { header.append(tensor.name, shape: tensor.shape) }
    let bytes = header.encoded
    hash.update(bytes.span)
    file = try OutputFile.create(path, start: bytes.span)
    pending = tensors[...]
    skipFinished()
  }

  /// Appends numbers to the tensor that is being written; a tensor may come in pieces.
  package mutating func append(_ values: Span<Float>) throws(ModelError) {
    guard let tensor = pending.first else {
      precondition(values.isEmpty, "\(values.count) numbers after the last tensor")
      return
    }
    precondition(
      written + values.count <= tensor.count,
      "\(written + values.count) numbers for \(tensor.name) of \(tensor.count)")
    // The machines this runs on are little-endian, as the format is.
    unsafe values.withUnsafeBytes {
      hash.update(unsafe Span(_unsafeElements: $0.bindMemory(to: UInt8.self)))
    }
    try file.write(values)
    written += values.count
    skipFinished()
  }

  /// Gives the file its name; the SHA-256 of all its bytes.
  package consuming func finish() throws(ModelError) -> String {
    precondition(pending.isEmpty, "\(pending.count) tensors were not written")
    try file.finish()
    return hash.finish()
  }

  /// Writes a small file in one go; the SHA-256 of all its bytes.
  @discardableResult
  package static func write(
    _ tensors: [(name: String, shape: [Int], values: [Float])], to path: String
  ) throws(ModelError) -> String {
    var writer = try TensorWriter(
      path, tensors: tensors.map { TensorRequirement($0.name, $0.shape) })
    for tensor in tensors {
      precondition(
        tensor.values.count == tensor.shape.reduce(1, *),
        "\(tensor.values.count) numbers for \(tensor.name) of shape \(tensor.shape)")
      try writer.append(tensor.values.span)
    }
    return try writer.finish()
  }

  private mutating func skipFinished() {
    while let tensor = pending.first, written == tensor.count {
      pending = pending.dropFirst()
      written = 0
    }
  }
}
