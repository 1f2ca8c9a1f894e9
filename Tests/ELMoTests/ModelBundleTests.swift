import ELMo
import Foundation
import Testing

/// One corrupt bundle per way to be corrupt, made from the good one.
@Suite struct ModelBundleTests {
  private typealias Tensors = [(name: String, shape: [Int], values: [Float])]

  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = "\(directory.path)/model"
  }

  private func write(_ change: (inout ModelManifest, inout Tensors) -> Void = { _, _ in }) throws {
    let source = try Miniature.bundle("bare")
    var manifest = source.manifest
    var tensors = try source.tensors.names.map {
      (
        name: $0, shape: source.tensors.shape(of: $0) ?? [],
        values: try source.tensors.floats(of: $0)
      )
    }
    change(&manifest, &tensors)
    try ModelBundle.write(manifest, tensors: tensors, to: "\(path)/")
  }

  private func rewriteManifest(_ change: (String) -> String) throws {
    let file = "\(path)/model.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try change(text).write(toFile: file, atomically: true, encoding: .utf8)
  }

  @Test func `a bundle survives writing and reading`() throws {
    try write()
    let bundle = try ModelBundle(directory: path)
    try bundle.verify()
    let source = try Miniature.bundle("bare")
    #expect(bundle.manifest.elmo == source.manifest.elmo)
    #expect(bundle.tensors.names == source.tensors.names)
    let text = try String(contentsOfFile: "\(path)/model.json", encoding: .utf8)
    #expect(text.contains("\"format_version\" : 1"))
    // Writing again replaces the bundle and leaves nothing beside it.
    try write()
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["model"])
  }

  @Test(arguments: Miniature.names)
  func `the committed bundles verify`(name: String) throws {
    try Miniature.bundle(name).verify()
  }

  @Test func `a missing tensor is named with the shape wanted`() throws {
    try write { $1.removeAll { $0.name == "CNN/b_cnn_1" } }
    #expect(throws: ModelError.missingTensor(name: "CNN/b_cnn_1", wanted: [4])) {
      try ModelBundle(directory: path)
    }
  }

  @Test func `a tensor of another shape is named with both shapes`() throws {
    try write { _, tensors in
      for index in tensors.indices where tensors[index].name == "CNN_proj/W_proj" {
        tensors[index].shape = [6, 9]
      }
    }
    #expect(
      throws: ModelError.tensorShape(name: "CNN_proj/W_proj", wanted: [9, 6], found: [6, 9])
    ) { try ModelBundle(directory: path) }
  }

  @Test(arguments: [Float.nan, .infinity])
  func `a NaN is found by verify`(bad: Float) throws {
    try write { _, tensors in
      for index in tensors.indices where tensors[index].name == "CNN/b_cnn_0" {
        tensors[index].values[3] = bad
      }
    }
    let bundle = try ModelBundle(directory: path)
    #expect(throws: ModelError.notFinite(name: "CNN/b_cnn_0", index: 3)) { try bundle.verify() }
  }

  @Test func `a truncated file names the tensor that is cut`() throws {
    try write()
    let file = "\(path)/weights.safetensors"
    let data = try Data(contentsOf: URL(fileURLWithPath: file))
    try data.dropLast(4).write(to: URL(fileURLWithPath: file))
    #expect {
      try ModelBundle(directory: path)
    } throws: { error in
      guard case .truncatedTensor(_, _, let wanted, let found) = error as? ModelError else {
        return false
      }
      return found == wanted - 4
    }
  }

  @Test func `every edit of model json fails the digest until it is sealed`() throws {
    try write()
    let file = "\(path)/model.json"
    let sealed = try Data(contentsOf: URL(fileURLWithPath: file))
    #expect(try ModelBundle(directory: path).manifest.digest?.count == 64)
    // Without its key the digest is not there, as in older bundles.
    let key = try #require(sealed.range(of: Data("\"digest\"".utf8)))
    for place in stride(from: 0, to: sealed.count, by: 7) where !key.contains(place) {
      var bytes = sealed
      bytes[place] ^= 1
      try bytes.write(to: URL(fileURLWithPath: file))
      #expect(throws: ModelError.self, "byte \(place)") {
        try ModelBundle(directory: path).verifyChecksums()
      }
    }
    try sealed.write(to: URL(fileURLWithPath: file))
    try ModelBundle(directory: path).verify()
    try rewriteManifest { $0.replacing("\"max_tokens\" : 256", with: "\"max_tokens\" : 255") }
    #expect(throws: ModelError.self) { try ModelBundle(directory: path).verify() }
    try Data(try ModelManifest.sealed(file: file)).write(to: URL(fileURLWithPath: file))
    try ModelBundle(directory: path).verify()
    #expect(try ModelBundle(directory: path).manifest.maxTokens == 255)
  }

  @Test func `a bundle without a digest stays good, and sealing adds one line`() throws {
    try write()
    let file = "\(path)/model.json"
    let sealed = try String(contentsOfFile: file, encoding: .utf8)
    let old = sealed.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("\"digest\"") }.joined(separator: "\n")
    try old.write(toFile: file, atomically: true, encoding: .utf8)
    try ModelBundle(directory: path).verify()
    #expect(try ModelBundle(directory: path).manifest.digest == nil)
    try Data(try ModelManifest.sealed(file: file)).write(to: URL(fileURLWithPath: file))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == sealed)
    try ModelBundle(directory: path).verify()
  }

  @Test func `other bytes of the same shape fail the checksum`() throws {
    try write()
    let file = URL(fileURLWithPath: "\(path)/weights.safetensors")
    var data = try Data(contentsOf: file)
    data[data.count - 1] ^= 1
    try data.write(to: file)
    let bundle = try ModelBundle(directory: path)
    #expect {
      try bundle.verify()
    } throws: { error in
      if case .checksum = error as? ModelError { true } else { false }
    }
  }

  @Test func `an unknown format version is refused`() throws {
    try write()
    try rewriteManifest {
      $0.replacingOccurrences(of: "\"format_version\" : 1", with: "\"format_version\" : 7")
    }
    #expect(
      throws: ModelError.formatVersion(file: "\(path)/model.json", wanted: 1, found: 7)
    ) { try ModelBundle(directory: path) }
  }

  @Test(arguments: [
    ("\"max_tokens\" : 256", "\"max_tokens\" : 0", "max_tokens is 0"),
    ("\"cleaning\" : \"tweet\"", "\"cleaning\" : \"soap\"", "cleaning is soap"),
    ("\"state_mode\" : \"zero\"", "\"state_mode\" : \"warm\"", "priming_text"),
    ("\"projection_dim\" : 6", "\"projection_dim\" : 60", "projection_dim 60"),
    ("weights.safetensors", "../weights.safetensors", "plain file name"),
    ("\"format_version\" : 1,", "", "format_version is missing"),
    ("\"name\" :", "\"nome\" :", "name is missing"),
    ("{", "", "JSON"),
  ])
  func `a bad manifest is refused with the reason`(
    from: String, to: String, reason: String
  ) throws {
    try write()
    try rewriteManifest { $0.replacingOccurrences(of: from, with: to) }
    do {
      _ = try ModelBundle(directory: path)
      Issue.record("accepted \(to)")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test func `a head is checked with its labels`() throws {
    try write { manifest, tensors in
      manifest.labels = ["negative", "neutral", "positive"]
      manifest.head = .init(hidden: 2)
      tensors.append(("head/dense_0/kernel", [12, 2], Array(repeating: 0, count: 24)))
      tensors.append(("head/dense_0/bias", [2], [0, 0]))
      tensors.append(("head/dense_1/kernel", [2, 1], [0, 0]))
      tensors.append(("head/dense_1/bias", [3], [0, 0, 0]))
    }
    #expect(
      throws: ModelError.tensorShape(name: "head/dense_1/kernel", wanted: [2, 3], found: [2, 1])
    ) { try ModelBundle(directory: path) }
  }

  private func writeHead(_ change: (String) -> String) throws {
    try write { manifest, tensors in
      manifest.labels = ["negative", "neutral", "positive"]
      manifest.head = .init(hidden: 2)
      tensors.append(("head/dense_0/kernel", [12, 2], Array(repeating: 0, count: 24)))
      tensors.append(("head/dense_0/bias", [2], [0, 0]))
      tensors.append(("head/dense_1/kernel", [2, 3], Array(repeating: 0, count: 6)))
      tensors.append(("head/dense_1/bias", [3], [0, 0, 0]))
    }
    try rewriteManifest(change)
  }

  @Test func `a head of the first bundles is one of mean pooling`() throws {
    try writeHead { text in
      #expect(!text.contains("members") && !text.contains("mixes"))
      return text
    }
    let bundle = try ModelBundle(directory: path)
    #expect(bundle.manifest.head == .init(pooling: .mean, hidden: 2, members: 1))
    #expect(bundle.manifest.coHead == nil && bundle.manifest.labelOffsets == nil)
  }

  @Test(arguments: [
    ("\"pooling\" : \"mean\"", "\"pooling\" : \"max\"", "head.pooling: the pooling max is unknown"),
    (
      "\"pooling\" : \"mean\"", "\"pooling\" : \"max\"",
      "mean, mean_max, attention, mean_max_attention"
    ),
    ("\"pooling\" : \"mean\"", "\"pooling\" : \"max\"", "train the head again"),
    ("\"hidden\" : 2", "\"hidden\" : -1", "head.hidden is -1"),
    ("\"hidden\" : 2", "\"hidden\" : 2, \"members\" : 0", "head.members is 0"),
    ("\"hidden\" : 2", "\"hidden\" : 2, \"mixes\" : []", "head.mixes has 0 mixes for 1 members"),
    (
      "\"hidden\" : 2", "\"hidden\" : 2, \"mixes\" : [{\"weights\" : [1], \"gamma\" : 1}]",
      "head.mixes[0] has 1 weights, wanted 2"
    ),
    ("\"labels\"", "\"cohead\" : {\"bits\" : 7, \"weight\" : 1}, \"labels\"", "cohead.bits is 7"),
    ("\"labels\"", "\"cohead\" : {\"bits\" : 18}, \"labels\"", "cohead.weight is missing"),
    (
      "\"labels\"", "\"label_offsets\" : [0, 1], \"labels\"",
      "label_offsets are [0.0, 1.0], wanted 3 finite numbers"
    ),
    ("\"hidden\" : 2", "\"hidden\" : 2, \"members\" : 2", "head_1/dense_0/kernel"),
    ("\"pooling\" : \"mean\"", "\"pooling\" : \"attention\"", "head/attention/query"),
    ("\"labels\"", "\"cohead\" : {\"bits\" : 8, \"weight\" : 1}, \"labels\"", "cohead/weights"),
  ])
  func `a head that means nothing is refused with the reason`(
    from: String, to: String, reason: String
  ) throws {
    try writeHead { $0.replacingOccurrences(of: from, with: to) }
    do {
      _ = try ModelBundle(directory: path)
      Issue.record("accepted \(to)")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test func `label offsets are for three labels, a co-head for a bundle with a head`() throws {
    try write()
    try rewriteManifest {
      $0.replacingOccurrences(
        of: "\"max_tokens\"", with: "\"cohead\" : {\"bits\" : 8, \"weight\" : 1}, \"max_tokens\"")
    }
    #expect {
      try ModelBundle(directory: path)
    } throws: { "\($0)".contains("cohead needs labels and head") }
    try write()
    try rewriteManifest {
      $0.replacingOccurrences(
        of: "\"max_tokens\"", with: "\"label_offsets\" : [0, 1], \"max_tokens\"")
    }
    #expect {
      try ModelBundle(directory: path)
    } throws: { "\($0)".contains("use threshold for two") }
  }

  @Test func `a missing directory names the file it lacks`() {
    #expect {
      try ModelBundle(directory: "\(path)/nowhere")
    } throws: { "\($0)".contains("nowhere/model.json") }
  }

  @Test func `another directory is not overwritten`() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try "mine".write(toFile: "\(path)/notes", atomically: true, encoding: .utf8)
    #expect(throws: ModelError.self) { try write() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["notes"])
  }

  @Test func `a random bundle is the same for the same seed and runs`() throws {
    var options = ELMoOptions.compact(cellSize: 24, projectionSize: 8)
    options.filters = [.init(width: 1, count: 3), .init(width: 2, count: 5)]
    for (name, seed) in [("a", UInt64(1)), ("b", 1), ("c", 2)] {
      try ModelBundle.random(
        options: options, seed: seed, name: "random", directory: "\(path)/\(name)")
    }
    let bundles = try ["a", "b", "c"].map { try ModelBundle(directory: "\(path)/\($0)") }
    let sums = bundles.map(\.manifest.weights.sha256)
    #expect(sums[0] == sums[1] && sums[0] != sums[2])
    // F = D and no projection in the file: the encoder ends with the highway.
    #expect(!bundles[0].tensors.contains("CNN_proj/W_proj"))
    try bundles[0].verify()
    let model = try ELMoModel(bundles[0])
    var workspace = ELMoWorkspace(for: model)
    let answers = model.embed(Miniature.sentences, workspace: &workspace)
    #expect(answers.allSatisfy { $0.default.allSatisfy { $0.isFinite } })
    #expect(answers[0].default != answers[1].default)
  }
}
