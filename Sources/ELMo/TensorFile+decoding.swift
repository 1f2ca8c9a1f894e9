extension TensorFile {
  /// The tensor beside an I8 tensor that holds one factor a column, F32.
  static func scaleName(of name: String) -> String { "\(name).scale" }

  /// Refuses a tensor that cannot be read as Float: another kind, or I8 without good scales.
  func checkKind(_ name: String, _ entry: Entry) throws(ModelError) {
    if entry.kind.isFloat { return }
    guard entry.kind == .I8, entry.shape.count >= 2 else {
      throw .tensorType(name: name, wanted: "F32", found: entry.kind.rawValue)
    }
    let scaleName = Self.scaleName(of: name)
    let columns = [entry.shape[entry.shape.count - 1]]
    guard let scale = entries[scaleName] else {
      throw .missingTensor(name: scaleName, wanted: columns)
    }
    guard scale.shape == columns else {
      throw .tensorShape(name: scaleName, wanted: columns, found: scale.shape)
    }
    guard scale.kind == .F32 else {
      throw .tensorType(name: scaleName, wanted: "F32", found: scale.kind.rawValue)
    }
  }

  /// The scales of the columns of a tensor that is stored in eight bits; nil of any other.
  func columnScales(of name: String) throws(ModelError) -> [Float]? {
    guard let entry = entries[name], entry.kind == .I8 else { return nil }
    try checkKind(name, entry)
    return try floats(of: Self.scaleName(of: name))
  }

  /// The numbers of a tensor as Float: F16 and BF16 exactly, I8 times the scale of its column.
  func decoded(_ name: String, _ entry: Entry) throws(ModelError) -> [Float] {
    try checkKind(name, entry)
    var scale: [Float] = []
    if entry.kind == .I8, let factors = entries[Self.scaleName(of: name)] {
      scale = try decoded(Self.scaleName(of: name), factors)
    }
    return unsafe file.withBytes(entry.bytes) { bytes in
      let count = bytes.count / entry.kind.size
      // Each case reads `count` numbers of its own size from the tensor's bytes, which are as many.
      return unsafe [Float](unsafeUninitializedCapacity: count) { target, filled in
        switch entry.kind {
        case .F16:
          for index in 0..<count {
            let bits = unsafe bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            unsafe target.initializeElement(
              at: index, to: Self.float(half: UInt32(UInt16(littleEndian: bits))))
          }
        case .BF16:
          for index in 0..<count {
            let bits = unsafe bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            unsafe target.initializeElement(
              at: index, to: Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16))
          }
        case .I8:
          for start in stride(from: 0, to: count, by: max(1, scale.count)) {
            for column in scale.indices {
              let value = unsafe Int8(bitPattern: bytes[start + column])
              unsafe target.initializeElement(
                at: start + column, to: Float(value) * scale[column])
            }
          }
        default:
          for index in 0..<count {
            let bits = unsafe bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
            unsafe target.initializeElement(
              at: index, to: Float(bitPattern: UInt32(littleEndian: bits)))
          }
        }
        filled = count
      }
    }
  }

  /// The number that 16 bits of half precision stand for, exactly.
  ///
  /// Written out because the conversion is a call for processors without F16C; the compiler spreads
  /// this one over lanes.
  private static func float(half: UInt32) -> Float {
    let sign = (half & 0x8000) << 16
    // The exponents differ by 112; subnormal halves become normal by the same product.
    let magnitude = (Float(bitPattern: (half & 0x7FFF) << 13) * 0x1p112).bitPattern
    let isFinite = half & 0x7C00 != 0x7C00
    return Float(bitPattern: sign | (isFinite ? magnitude : magnitude | 0x7F80_0000))
  }
}

extension TensorFile {
  /// Bytes of the file.
  package var byteCount: Int { file.count }

  /// How many numbers of each kind the file holds, the most frequent first: such as I8, F16, F32.
  package var numbersByKind: [(kind: String, numbers: Int)] {
    var numbers: [TensorKind: Int] = [:]
    for entry in entries.values { numbers[entry.kind, default: 0] += entry.shape.reduce(1, *) }
    return numbers.map { (kind: $0.key.rawValue, numbers: $0.value) }
      .sorted { ($1.numbers, $0.kind) < ($0.numbers, $1.kind) }
  }

  /// How the weights are stored; nil when they hold a kind that no storage writes.
  package var storage: WeightStorage? {
    let kinds = Set(entries.values.map(\.kind))
    if kinds.isSubset(of: [.F32]) { return .float32 }
    if kinds == [.F16] { return .float16 }
    if kinds.isSubset(of: [.BF16, .F32]) { return .bfloat16 }
    return kinds.isSubset(of: [.I8, .F16, .F32]) && kinds.contains(.I8) ? .int8 : nil
  }
}
