/// Writes a safetensors file of known tensors, one after another, and lets it appear when whole.
///
/// Tensors of wider numbers lie in front of those of narrower ones, so that every number stands at a
/// multiple of its size; of one kind they keep their order.
package struct TensorWriter: ~Copyable {
  /// A tensor and where its bytes go.
  private struct Slot {
    let tensor: TensorRequirement
    let kind: TensorKind
    var place = 0
    var scalePlace = 0

    var columns: Int { max(1, tensor.shape.last ?? 1) }
  }

  private let file: OutputFile
  private let storage: WeightStorage
  private var pending: ArraySlice<Slot>
  private var written = 0
  private var held: [Float] = []  // an I8 tensor until it is whole

  /// Starts a file at `path` for tensors of these names and shapes, which will come in this order.
  package init(
    _ path: String, tensors: [TensorRequirement], storage: WeightStorage = .float32
  ) throws(ModelError) {
    var slots = tensors.map { Slot(tensor: $0, kind: storage.kind(of: $0)) }
    let header = Self.layOut(&slots)
    file = try OutputFile.create(path, start: header.span)
    self.storage = storage
    pending = slots[...]
    skipFinished()
  }

  /// Appends numbers to the tensor that is being written; a tensor may come in pieces.
  ///
  /// A number that the storage cannot hold is refused with the tensor's name.
  package mutating func append(_ values: Span<Float>) throws(ModelError) {
    guard let slot = pending.first else {
      precondition(values.isEmpty, "\(values.count) numbers after the last tensor")
      return
    }
    precondition(
      written + values.count <= slot.tensor.count,
      "\(written + values.count) numbers for \(slot.tensor.name) of \(slot.tensor.count)")
    // The machines this runs on are little-endian, as the format is.
    switch slot.kind {
    case .F16: try writeHalves(values, slot)
    case .BF16: try writeBFloats(values, slot)
    case .I8:
      for index in values.indices { held.append(values[index]) }
      if held.count == slot.tensor.count {
        try writeBytes(slot)
        held = []
      }
    default: try file.write(values, at: slot.place + 4 * written)
    }
    written += values.count
    skipFinished()
  }

  /// Gives the file its name; the SHA-256 of all its bytes.
  package consuming func finish() throws(ModelError) -> String {
    precondition(pending.isEmpty, "\(pending.count) tensors were not written")
    let digest = try SHA256.digest(file: file.temporary)
    try file.finish()
    return digest
  }

  /// Writes a small file in one go; the SHA-256 of all its bytes.
  @discardableResult
  package static func write(
    _ tensors: [(name: String, shape: [Int], values: [Float])], to path: String,
    storage: WeightStorage = .float32
  ) throws(ModelError) -> String {
    var writer = try TensorWriter(
      path, tensors: tensors.map { TensorRequirement($0.name, $0.shape) }, storage: storage)
    for tensor in tensors {
      precondition(
        tensor.values.count == tensor.shape.reduce(1, *),
        "\(tensor.values.count) numbers for \(tensor.name) of shape \(tensor.shape)")
      try writer.append(tensor.values.span)
    }
    return try writer.finish()
  }

  private mutating func skipFinished() {
    while let slot = pending.first, written == slot.tensor.count {
      pending = pending.dropFirst()
      written = 0
    }
  }
}

// MARK: - Where things lie

extension TensorWriter {
  /// Gives every tensor, and every table of scales, its place; the header's bytes.
  private static func layOut(_ slots: inout [Slot]) -> [UInt8] {
    var header = SafetensorsHeader()
    var place = 0
    func put(_ name: String, _ shape: [Int], _ kind: TensorKind) -> Int {
      header.append(name, shape: shape, kind: kind)
      defer { place += kind.size * shape.reduce(1, *) }
      return place
    }
    for kind in [TensorKind.F32, .F16, .BF16, .I8] {
      for (index, slot) in slots.enumerated() {
        if slot.kind == kind {
          slots[index].place = put(slot.tensor.name, slot.tensor.shape, kind)
        } else if kind == .F32, slot.kind == .I8 {
          slots[index].scalePlace = put(
            TensorFile.scaleName(of: slot.tensor.name), [slot.columns], .F32)
        }
      }
    }
    let bytes = header.encoded
    for index in slots.indices {
      slots[index].place += bytes.count
      slots[index].scalePlace += bytes.count
    }
    return bytes
  }
}

// MARK: - Narrow numbers

extension TensorWriter {
  private func writeHalves(_ values: Span<Float>, _ slot: Slot) throws(ModelError) {
    var halves: [UInt16] = []
    halves.reserveCapacity(values.count)
    for index in values.indices {
      let half = Float16(values[index])  // to nearest, ties to even
      guard half.isFinite else { throw refusal(values[index], at: written + index, slot) }
      halves.append(half.bitPattern)
    }
    try file.write(halves.span, at: slot.place + 2 * written)
  }

  private func writeBFloats(_ values: Span<Float>, _ slot: Slot) throws(ModelError) {
    var halves: [UInt16] = []
    halves.reserveCapacity(values.count)
    for index in values.indices {
      let bits = values[index].bitPattern
      // The upper half, to nearest, ties to even; what is not finite or rounds to infinity is refused.
      let half = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
      guard values[index].isFinite, half & 0x7F80 != 0x7F80 else {
        throw refusal(values[index], at: written + index, slot)
      }
      halves.append(half)
    }
    try file.write(halves.span, at: slot.place + 2 * written)
  }

  /// q = round(x / scale), scale = the largest magnitude of the column / 127.
  private func writeBytes(_ slot: Slot) throws(ModelError) {
    let columns = slot.columns
    var scales = [Float](repeating: 0, count: columns)
    for start in stride(from: 0, to: held.count, by: columns) {
      for column in 0..<columns {
        let value = held[start + column]
        guard value.isFinite else { throw refusal(value, at: start + column, slot) }
        scales[column] = max(scales[column], value.magnitude)
      }
    }
    for column in 0..<columns { scales[column] /= 127 }
    var bytes: [Int8] = []
    bytes.reserveCapacity(held.count)
    for start in stride(from: 0, to: held.count, by: columns) {
      for column in 0..<columns {
        let scale = scales[column]
        let quotient = scale > 0 ? (held[start + column] / scale).rounded(.toNearestOrEven) : 0
        bytes.append(Int8(max(-127, min(127, quotient))))
      }
    }
    try file.write(bytes.span, at: slot.place)
    try file.write(scales.span, at: slot.scalePlace)
  }

  private func refusal(_ value: Float, at index: Int, _ slot: Slot) -> ModelError {
    .unstorable(name: slot.tensor.name, index: index, value: value, storage: storage)
  }
}
