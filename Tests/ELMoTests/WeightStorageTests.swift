import ELMo
import Foundation
import Testing

struct WeightStorageTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = "\(directory.path)/file.safetensors"
  }

  private func random(_ count: Int, seed: UInt64, limit: Float = 2) -> [Float] {
    var numbers = SeededNumbers(seed: seed)
    return (0..<count).map { _ in numbers.uniform(limit) }
  }

  private func write(_ header: String, payload: [UInt8]) throws {
    var data = Data()
    for shift in stride(from: 0, through: 56, by: 8) {
      data.append(UInt8(truncatingIfNeeded: UInt64(header.utf8.count) >> UInt64(shift)))
    }
    data.append(contentsOf: header.utf8)
    data.append(contentsOf: payload)
    try data.write(to: URL(fileURLWithPath: path))
  }

  // MARK: fp16

  @Test func `every half-precision number survives`() throws {
    let halves = (UInt16.min...UInt16.max).map { Float(Float16(bitPattern: $0)) }
      .filter(\.isFinite)
    try TensorWriter.write([("t", [halves.count], halves)], to: path, storage: .float16)
    let file = try TensorFile(path)
    #expect(try file.floats(of: "t").map(\.bitPattern) == halves.map(\.bitPattern))
    #expect(file.storage == .float16)
    #expect(file.numbersByKind.map(\.kind) == ["F16"])
  }

  @Test func `numbers between two halves go to the nearest, ties to the even one`() throws {
    let ulp = Float(1) / 1024  // between 1 and 2
    let wanted: [(Float, Float)] = [
      (1 + ulp / 2, 1), (1 + 3 * ulp / 2, 1 + 2 * ulp), (1 + ulp * 0.51, 1 + ulp),
      (-1 - ulp / 2, -1), (65_519, 65_504), (-65_519, -65_504), (0x1p-25, 0), (0x1.8p-25, 0x1p-24),
      (-0.0, -0.0),
    ]
    try TensorWriter.write(
      [("t", [wanted.count], wanted.map(\.0))], to: path, storage: .float16)
    #expect(
      try TensorFile(path).floats(of: "t").map(\.bitPattern) == wanted.map(\.1.bitPattern))
  }

  @Test(
    arguments: [65_520, -1e6, .infinity, -.infinity, .nan] as [Float],
    [
      WeightStorage.float16, .int8,
    ])
  func `a number beyond half precision is refused with its tensor`(
    value: Float, storage: WeightStorage
  ) throws {
    let error = #expect(throws: ModelError.self) {
      try TensorWriter.write(
        [("good", [2], [1, 2]), ("bad", [3], [0, value, 1])], to: path, storage: storage)
    }
    #expect(error?.description.contains("tensor bad holds \(value) at index 1") == true)
    #expect(error?.description.contains(storage.rawValue) == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  // MARK: int8

  @Test func `a large matrix keeps 8 bits a number, to half a step of its column`() throws {
    let (rows, columns) = (300, 17)  // odd, so that what follows needs care with its place
    var values = random(rows * columns, seed: 4)
    for row in 0..<rows {
      values[row * columns + 2] = 0  // a column of nothing
      values[row * columns + 5] *= 1e6  // beyond half precision
      values[row * columns + 6] *= 1e-30  // below half precision
    }
    let small = random(4095, seed: 5)
    try TensorWriter.write(
      [
        ("bias", [3], [1, 2, 3]), ("matrix", [1, 3, 100, columns], values),
        ("list", [4096], random(4096, seed: 6)), ("small", [4095, 1], small),
        ("late", [4096, 1], Array(repeating: -3, count: 4096)),
      ], to: path, storage: .int8)
    let file = try TensorFile(path)
    try file.check(TensorRequirement("matrix", [1, 3, 100, columns]))
    let scale = try file.floats(of: "matrix.scale")
    let found = try file.floats(of: "matrix")
    for column in 0..<columns {
      let own = stride(from: column, to: values.count, by: columns)
      let largest = own.map { values[$0].magnitude }.max() ?? 0
      #expect(scale[column] == largest / 127)
      for index in own {
        #expect((found[index] - values[index]).magnitude <= 0.5001 * scale[column])
      }
    }
    #expect(try file.floats(of: "late").allSatisfy { abs($0 + 3) < 1e-6 })
    #expect(try file.floats(of: "small") == small.map { Float(Float16($0)) })
    #expect(try file.floats(of: "bias") == [1, 2, 3])
    #expect(file.storage == .int8)
    #expect(
      file.numbersByKind.map { "\($0.numbers) \($0.kind)" } == ["9196 I8", "8194 F16", "18 F32"])
    // Read where they lie and read as a copy are the same numbers.
    for name in file.names {
      let copy = try file.floats(of: name)
      try file.withFloats(of: name) { values in
        #expect(values.count == copy.count && values.indices.allSatisfy { values[$0] == copy[$0] })
      }
      try file.checkFinite(name)
    }
  }

  @Test(arguments: WeightStorage.allCases)
  func `every number stands at a multiple of its size`(storage: WeightStorage) throws {
    try TensorWriter.write(
      [
        ("a", [67, 67], random(67 * 67, seed: 1)), ("b", [1], [1]),
        ("c", [3, 3], random(9, seed: 2)),
        ("d", [65, 65], random(65 * 65, seed: 3)), ("e", [0, 3], []),
      ], to: path, storage: storage)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = (0..<8).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
    struct Entry: Decodable {
      var dtype: String
      var data_offsets: [Int]
    }
    let entries = try JSONDecoder().decode([String: Entry].self, from: data[8..<8 + length])
    for (name, entry) in entries {
      let size = ["F32": 4, "F16": 2, "BF16": 2, "I8": 1][entry.dtype] ?? 0
      #expect((8 + length + entry.data_offsets[0]) % size == 0, "\(name)")
    }
    // Without holes: the ends of all but the last are the starts of all but the first.
    let order = entries.values.map(\.data_offsets).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    #expect(order.first?.first == 0 && order.last?.last == data.count - 8 - length)
    #expect(zip(order, order.dropFirst()).allSatisfy { $0[1] == $1[0] })
  }

  @Test func `a tensor may come in pieces in any storage`() throws {
    let values = random(96 * 64, seed: 9)
    for storage in WeightStorage.allCases {
      let whole = try TensorWriter.write(
        [("t", [96, 64], values), ("u", [2], [1, 2])], to: path, storage: storage)
      var writer = try TensorWriter(
        path, tensors: [TensorRequirement("t", [96, 64]), TensorRequirement("u", [2])],
        storage: storage)
      for start in stride(from: 0, to: values.count, by: 1001) {
        let piece = Array(values[start..<min(start + 1001, values.count)])
        try writer.append(piece.span)
      }
      let last: [Float] = [1, 2]
      try writer.append(last.span)
      #expect(try writer.finish() == whole)
      #expect(try SHA256.digest(file: path) == whole)
    }
  }

  // MARK: bf16

  @Test func `bfloat16 keeps a matrix to 8 bits, ties to even, and vectors whole`() throws {
    let ulp = Float(1) / 128  // between 1 and 2
    let wanted: [(Float, Float)] = [
      (1 + ulp / 2, 1), (1 + 3 * ulp / 2, 1 + 2 * ulp), (1 + ulp * 0.51, 1 + ulp),
      (-1 - ulp / 2, -1), (3e38, 0x1.C4p127), (-0.0, -0.0),
      (Float(bitPattern: 0x0001_1000), 0x1p-133), (0, 0),
    ]
    try TensorWriter.write(
      [("m", [2, 4], wanted.map(\.0)), ("v", [1], [1.001])], to: path, storage: .bfloat16)
    let file = try TensorFile(path)
    #expect(try file.floats(of: "m").map(\.bitPattern) == wanted.map(\.1.bitPattern))
    #expect(try file.floats(of: "v") == [1.001])
    #expect(file.storage == .bfloat16)
    for value in [Float.nan, .infinity, -.greatestFiniteMagnitude] {
      #expect(throws: ModelError.self) {
        try TensorWriter.write([("m", [1, 1], [value])], to: path, storage: .bfloat16)
      }
    }
  }

  // MARK: corrupt files

  private static let matrix = "\"t\":{\"dtype\":\"I8\",\"shape\":[2,2],\"data_offsets\":[8,12]}"

  @Test(arguments: [
    ("{\(matrix)}", ModelError.missingTensor(name: "t.scale", wanted: [2])),
    (
      "{\(matrix),\"t.scale\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      .tensorShape(name: "t.scale", wanted: [2], found: [1])
    ),
    (
      "{\(matrix),\"t.scale\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}",
      .tensorType(name: "t.scale", wanted: "F32", found: "F16")
    ),
    (
      "{\"t\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[8,12]}}",
      .tensorType(name: "t", wanted: "F32", found: "I8")
    ),
    (
      "{\"t\":{\"dtype\":\"U8\",\"shape\":[2,2],\"data_offsets\":[8,12]}}",
      .tensorType(name: "t", wanted: "F32", found: "U8")
    ),
  ])
  func `bytes without good scales are refused`(header: String, wanted: ModelError) throws {
    try write(header, payload: Array(repeating: 1, count: 12))
    let file = try TensorFile(path)
    let shape = file.shape(of: "t") ?? []
    #expect(throws: wanted) { try file.check(TensorRequirement("t", shape)) }
    #expect(throws: wanted) { try file.floats(of: "t") }
    #expect(throws: wanted) { try file.withFloats(of: "t") { _ in } }
  }

  @Test(
    arguments: [
      ([0x00, 0x00, 0xc0, 0x7f], ModelError.notFinite(name: "t.scale", index: 1)),  // NaN
      ([0x00, 0x00, 0x80, 0xff], .notFinite(name: "t.scale", index: 1)),  // -infinity
      ([0xff, 0xff, 0x7f, 0x7f], .notFinite(name: "t", index: 1)),  // times 2 beyond Float
    ] as [([UInt8], ModelError)])
  func `a scale that is not finite is found`(bytes: [UInt8], wanted: ModelError) throws {
    try write(
      "{\(Self.matrix),\"t.scale\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
      payload: [0, 0, 0x80, 0x3f] + bytes + [2, 2, 2, 2])
    let file = try TensorFile(path)
    #expect(throws: wanted) { try file.checkFinite("t") }
  }

  @Test func `an infinite half is found`() throws {
    try write(
      "{\"t\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}",
      payload: [0, 0x3c, 0, 0x7c])
    let file = try TensorFile(path)
    #expect(throws: ModelError.notFinite(name: "t", index: 1)) { try file.checkFinite("t") }
  }

  // MARK: bundles

  @Test(arguments: [(WeightStorage.float16, Float(2e-3)), (.bfloat16, 0.01), (.int8, 0.03)])
  func `a bundle written anew is smaller, verifies and answers nearly the same`(
    storage: WeightStorage, tolerance: Float
  ) throws {
    try ModelBundle.random(
      options: .compact(cellSize: 96, projectionSize: 32), seed: 3, name: "large",
      directory: "\(directory.path)/large")
    let source = try ModelBundle(directory: "\(directory.path)/large")
    try source.write(to: "\(directory.path)/small", name: "small", storage: storage)
    let small = try ModelBundle(directory: "\(directory.path)/small")
    try small.verify()
    #expect(small.manifest.name == "small" && small.tensors.storage == storage)
    #expect(
      small.manifest.training["quantized"]
        == "\(storage.rawValue) from large, SHA-256 \(source.manifest.weights.sha256)")
    #expect(small.tensors.byteCount * (storage == .int8 ? 38 : 19) < source.tensors.byteCount * 10)
    func pooled(_ bundle: ModelBundle) throws -> [Float] {
      let model = try ELMoModel(bundle)
      var workspace = ELMoWorkspace(for: model)
      return model.pooledLayers(Miniature.sentences, workspace: &workspace)
    }
    #expect(
      excess(try pooled(small), try pooled(source), absolute: tolerance, relative: tolerance) == 0)
    // Once more changes no number, and back to fp32 neither.
    for (name, other) in [("again", storage), ("wide", .float32)] {
      try small.write(to: "\(directory.path)/\(name)", name: name, storage: other)
      let copy = try ModelBundle(directory: "\(directory.path)/\(name)")
      for tensor in small.manifest.tensors where small.tensors.contains(tensor.name) {
        let wanted = try small.tensors.floats(of: tensor.name)
        let found = try copy.tensors.floats(of: tensor.name)
        // A scale is divided by 127 once more, which may cost its last bit.
        #expect(excess(found, wanted, absolute: 0, relative: 2e-7) == 0, "\(name) \(tensor.name)")
      }
    }
  }

  @Test func `a bundle with a damaged byte of int8 fails the checksum`() throws {
    try Miniature.bundle("deep").write(
      to: "\(directory.path)/model", name: "deep", storage: .int8)
    let file = URL(fileURLWithPath: "\(directory.path)/model/weights.safetensors")
    var data = try Data(contentsOf: file)
    data[data.count - 1] ^= 1
    try data.write(to: file)
    let bundle = try ModelBundle(directory: "\(directory.path)/model")
    #expect { try bundle.verify() } throws: { "\($0)".contains("SHA-256") }
  }
}
