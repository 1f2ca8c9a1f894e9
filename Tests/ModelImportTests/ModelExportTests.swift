import ELMo
import Foundation
import Testing

/// A network to export: what the shapes and the names of its tensors depend on.
struct NetworkVariant: Sendable, CustomTestStringConvertible {
  var highways = 1
  var usesSkips = true
  var layers = 2
  /// F = D and H = D, so that the projections may be left out.
  var isBare = false
  /// Keeps projections that the sizes do not ask for.
  var keepsProjections = false
  var clip: Float? = 3

  var testDescription: String {
    "\(highways) highways, \(layers) layers, skips \(usesSkips), bare \(isBare), "
      + "projections kept \(keepsProjections), clip \(clip.map { "\($0)" } ?? "none")"
  }

  var options: ELMoOptions {
    ELMoOptions(
      cellSize: isBare ? 9 : 11, projectionSize: isBare ? 9 : 6, layerCount: layers,
      cellClip: clip, projectionClip: clip, usesSkipConnections: usesSkips, activation: .tanh,
      characterSize: 3, filters: [.init(width: 1, count: 4), .init(width: 3, count: 5)],
      highwayCount: highways, characterCount: 261)
  }

  static let all: [NetworkVariant] =
    [0, 1, 2, 3].flatMap { highways in
      [true, false].map { NetworkVariant(highways: highways, usesSkips: $0) }
    } + [
      NetworkVariant(layers: 1, clip: nil), NetworkVariant(layers: 3, clip: 0.3),
      NetworkVariant(isBare: true), NetworkVariant(isBare: true, keepsProjections: true),
    ]
}

extension Importer {
  /// Writes a bundle of a variant: numbers from a seed, each with all its bits in use, and such
  /// that a program that computes with them would change.
  func bundle(
    _ variant: NetworkVariant, training: [String: String] = [:], head: Bool = false
  ) throws -> ModelBundle {
    var manifest = ModelManifest(name: "variant", elmo: variant.options, cleaning: "tweet")
    manifest.training = training
    if head {
      manifest.labels = ["negative", "positive"]
      manifest.head = .init(hidden: 2)
    }
    var numbers = SeededNumbers(seed: 7)
    let special: [Float] = [-0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1 / 3]
    let tensors = manifest.tensors.filter { !$0.isOptional || variant.keepsProjections }
      .map { tensor in
        let random = (0..<tensor.count).map { _ in numbers.uniform(2) }
        let values = special.prefix(tensor.count) + random.dropFirst(special.count)
        return (name: tensor.name, shape: tensor.shape, values: Array(values))
      }
    let path = "\(directory)/bundle"
    try ModelBundle.write(manifest, tensors: tensors, to: path)
    return try ModelBundle(directory: path)
  }

  /// Exports the bundle into `out`.
  func export(_ bundle: ModelBundle) throws -> Answer {
    try run(["--export", bundle.directory, "\(directory)/out"])
  }

  /// Imports what was exported.
  func importAgain() throws -> ModelBundle {
    let answer = try run(
      [
        "--options", "\(directory)/out/options.json", "--weights", "\(directory)/out/weights.hdf5",
        "--output", "\(directory)/again",
      ])
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.errors.isEmpty, "\(answer.errors)")
    return try ModelBundle(directory: "\(directory)/again")
  }

  /// The exported options as the keys of their top level.
  func exportedOptions() throws -> [String: JSONValue] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/out/options.json"))
    return try JSONDecoder().decode([String: JSONValue].self, from: data)
  }
}

@Suite struct ModelExportTests {
  private func bits(_ tensors: TensorFile, _ name: String) throws -> [UInt32] {
    try tensors.floats(of: name).map(\.bitPattern)
  }

  @Test(arguments: NetworkVariant.all)
  func `export and import give the same bits`(variant: NetworkVariant) throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.bundle(variant, head: true)
    let answer = try importer.export(bundle)
    #expect(answer.status == 0, "\(answer.errors)")
    let isBare = variant.isBare && !variant.keepsProjections
    #expect(answer.errors.contains("CNN_proj/W_proj") == isBare, "\(answer.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(importer.directory)/out")
    #expect(files.sorted() == ["options.json", "weights.hdf5"])

    let again = try importer.importAgain()
    try again.verify()
    let names = bundle.tensors.names.filter { !$0.hasPrefix("head/") }
    #expect(again.tensors.names == names)
    for name in names {
      #expect(again.tensors.shape(of: name) == bundle.tensors.shape(of: name))
      #expect(try bits(again.tensors, name) == bits(bundle.tensors, name), "\(name)")
    }
    var wanted = bundle.manifest.elmo
    wanted.characterCount = 262
    wanted.others = ["bidirectional": .bool(true)]
    #expect(again.manifest.elmo == wanted)
  }

  @Test func `weights of 16 bits are exported as the floats that they stand for`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.bundle(NetworkVariant())
    // The same bundle with every tensor but its first in F16, as a smaller file.
    var header: [String] = []
    var payload: [UInt8] = []
    for (index, tensor) in bundle.manifest.elmo.tensors.enumerated() {
      let values = try bundle.tensors.floats(of: tensor.name).map { max(-2, min(2, $0)) }
      let start = payload.count
      for value in values {
        if index == 0 {
          unsafe withUnsafeBytes(of: value.bitPattern) { unsafe payload += $0 }
        } else {
          unsafe withUnsafeBytes(of: Float16(value).bitPattern) { unsafe payload += $0 }
        }
      }
      header.append(
        "\"\(tensor.name)\":{\"dtype\":\"\(index == 0 ? "F32" : "F16")\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":[\(start),\(payload.count)]}")
    }
    let text = Data("{\(header.joined(separator: ","))}".utf8)
    var file = unsafe withUnsafeBytes(of: UInt64(text.count)) { unsafe Data($0) }
    file += text + Data(payload)
    try file.write(to: URL(fileURLWithPath: bundle.tensors.path))
    var manifest = bundle.manifest
    manifest.weights.sha256 = try SHA256.digest(file: bundle.tensors.path)
    try Data(manifest.sealed())
      .write(to: URL(fileURLWithPath: "\(bundle.directory)/model.json"))

    let half = try ModelBundle(directory: bundle.directory)
    let answer = try importer.export(half)
    #expect(answer.status == 0, "\(answer.errors)")
    let again = try importer.importAgain()
    for name in half.tensors.names {
      #expect(try bits(again.tensors, name) == bits(half.tensors, name), "\(name)")
    }
  }

  @Test func `the same weights give the same bytes`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.bundle(NetworkVariant())
    let outputs = ["first", "second"].map { "\(importer.directory)/\($0)" }
    for output in outputs {
      #expect(try importer.run(["--export", bundle.directory, output]).status == 0)
    }
    for file in ["options.json", "weights.hdf5"] {
      let bytes = try outputs.map { try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(file)")) }
      #expect(bytes[0] == bytes[1], "\(file)")
    }
  }

  @Test func `what is known of the training stands in the options`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.bundle(
      NetworkVariant(),
      training: [
        "n_epochs": "3", "learning_rate": "0.001", "sample_softmax": "true", "dropout": "0.1",
        "batch_size": "about 8,000 tokens", "corpus": "tweets",
      ])
    #expect(try importer.export(bundle).status == 0)
    let options = try importer.exportedOptions()
    #expect(options["n_epochs"] == .integer(3))
    #expect(options["learning_rate"] == .number(0.001))
    #expect(options["sample_softmax"] == .bool(true))
    #expect(options["dropout"] == .number(0.1))
    #expect(options["bidirectional"] == .bool(true))
    #expect(options["batch_size"] == nil && options["corpus"] == nil)
    #expect(options["n_tokens_vocab"] == nil)
  }

  @Test func `a softmax and a vocabulary go along`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.bundle(NetworkVariant())
    var numbers = SeededNumbers(seed: 3)
    let width = bundle.manifest.elmo.projectionSize
    let table = (0..<5 * width).map { _ in numbers.uniform(1) }
    let bias = (0..<5).map { _ in numbers.uniform(1) }
    try TensorWriter.write(
      [("softmax/W", [5, width], table), ("softmax/b", [5], bias)],
      to: "\(bundle.directory)/softmax.safetensors")
    let vocabulary = Data("<S>\n</S>\n<UNK>\nthe\ntram\n".utf8)
    try vocabulary.write(to: URL(fileURLWithPath: "\(bundle.directory)/vocabulary.txt"))
    let answer = try importer.export(bundle)
    #expect(answer.status == 0, "\(answer.errors)")

    let out = "\(importer.directory)/out"
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(out)/vocabulary.txt")) == vocabulary)
    #expect(try importer.exportedOptions()["n_tokens_vocab"] == .integer(5))
    let dump = "\(importer.directory)/softmax.safetensors"
    #expect(
      try importer.run(["--dump-datasets", "\(out)/softmax_weights.hdf5", dump]).status == 0)
    let softmax = try TensorFile(dump)
    #expect(softmax.names == ["softmax/W", "softmax/b"])
    #expect(softmax.shape(of: "softmax/W") == [5, width])
    #expect(try softmax.floats(of: "softmax/W") == table)
    #expect(try softmax.floats(of: "softmax/b") == bias)
    _ = try importer.importAgain()
  }

  @Test func `a softmax of another width is refused by name`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.bundle(NetworkVariant())
    try TensorWriter.write(
      [
        ("softmax/W", [5, 2], Array(repeating: 0, count: 10)), ("softmax/b", [5], [0, 0, 0, 0, 0]),
      ],
      to: "\(bundle.directory)/softmax.safetensors")
    let answer = try importer.export(bundle)
    #expect(answer.status == 65)
    #expect(answer.errors.contains("softmax/W"), "\(answer.errors)")
    #expect(answer.errors.contains("wanted [5, 6], found [5, 2]"), "\(answer.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(importer.directory)/out"))
  }

  @Test func `a bundle that is missing or damaged and an output that is there are refused`() throws
  {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.bundle(NetworkVariant())
    let out = "\(importer.directory)/out"

    let missing = try importer.run(["--export", "\(importer.directory)/nowhere", out])
    #expect(missing.status == 66)
    #expect(missing.errors.contains("nowhere/model.json"), "\(missing.errors)")

    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
    let kept = try importer.export(bundle)
    #expect(kept.status == 73)
    #expect(kept.errors.contains(out), "\(kept.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: out).isEmpty)
    try FileManager.default.removeItem(atPath: out)

    let nowhere = try importer.run(["--export", bundle.directory, "/proc/elmond-refused/out"])
    #expect(nowhere.status == 73)

    var weights = try Data(contentsOf: URL(fileURLWithPath: bundle.tensors.path))
    weights[weights.count - 1] ^= 1
    try weights.write(to: URL(fileURLWithPath: bundle.tensors.path))
    let damaged = try importer.export(bundle)
    #expect(damaged.status == 65)
    #expect(damaged.errors.contains("SHA-256"), "\(damaged.errors)")
    let left = try FileManager.default.contentsOfDirectory(atPath: importer.directory)
    #expect(left == ["bundle"])
  }
}

/// The published weights, through a bundle and back.
@Suite(.enabled(if: SharedData.isThere, "needs ../shared/data/elmo_allennlp"))
struct GoldenExportTests {
  @Test func `the exported golden model holds the numbers it was imported from`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.model()
    #expect(try importer.export(bundle).status == 0)
    let dump = "\(importer.directory)/out.safetensors"
    let weights = "\(importer.directory)/out/weights.hdf5"
    #expect(try importer.run(["--dump-datasets", weights, dump]).status == 0)
    let published = try importer.datasets(of: "lm_weights.hdf5")
    let exported = try TensorFile(dump)
    #expect(exported.names == published.names)
    for name in published.names {
      #expect(exported.shape(of: name) == published.shape(of: name))
      #expect(
        try exported.floats(of: name).map(\.bitPattern)
          == published.floats(of: name).map(\.bitPattern), "\(name)")
    }
  }
}
