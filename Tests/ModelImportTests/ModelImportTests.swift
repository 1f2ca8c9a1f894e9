import ELMo
import Foundation
import Testing

/// The data that lies beside the project where it is developed; tests that want it are skipped
/// where it is missing.
enum SharedData {
  static let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/data/elmo_allennlp").path

  static var isThere: Bool { FileManager.default.fileExists(atPath: "\(model)/lm_weights.hdf5") }
}

/// elmond-model-import as the tests start it.
struct Importer {
  struct Answer {
    let status: Int32
    let errors: String
  }

  let directory: String

  init() throws {
    directory =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("elmo-import-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: directory) }

  /// The program lies beside the test bundle, under its product's or its target's name.
  static func program() throws -> URL {
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let places = ["elmond-model-import", "ModelImport"].map(products.appendingPathComponent)
    return try #require(
      places.first { FileManager.default.isExecutableFile(atPath: $0.path) },
      "no importer beside \(CommandLine.arguments[0])")
  }

  func run(_ arguments: [String]) throws -> Answer {
    let process = Process()
    process.executableURL = try Self.program()
    process.arguments = arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = Pipe()
    try process.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Answer(
      status: process.terminationStatus, errors: String(decoding: text, as: UTF8.self))
  }

  /// The model made of the shared weights.
  func model(_ arguments: [String] = []) throws -> ModelBundle {
    let answer = try run(
      [
        "--options", "\(SharedData.model)/options.json", "--weights",
        "\(SharedData.model)/lm_weights.hdf5", "--output", "\(directory)/model",
      ] + arguments)
    #expect(answer.status == 0, "\(answer.errors)")
    return try ModelBundle(directory: "\(directory)/model")
  }

  func datasets(of file: String) throws -> TensorFile {
    let output = "\(directory)/\(file).safetensors"
    let answer = try run(["--dump-datasets", "\(SharedData.model)/\(file)", output])
    #expect(answer.status == 0, "\(answer.errors)")
    return try TensorFile(output)
  }
}

@Suite struct ModelImportTests {
  @Test(arguments: [
    [], ["--options", "a.json"], ["--weight", "x"], ["--options"], ["--dump-datasets", "a"],
    ["--options", "a", "--weights", "b", "--output", "c", "--cleaning", "soap"],
    ["--export", "a"], ["--export", "a", "b", "c"], ["--export", "a", ""],
  ])
  func `a wrong command line ends with 64 and the usage`(arguments: [String]) throws {
    let importer = try Importer()
    defer { importer.remove() }
    let answer = try importer.run(arguments)
    #expect(answer.status == 64)
    #expect(answer.errors.contains("usage:"))
  }

  @Test func `a missing input ends with 66 and its name`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let answer = try importer.run(
      ["--options", "/nowhere/options.json", "--weights", "w", "--output", "o"])
    #expect(answer.status == 66)
    #expect(answer.errors.contains("/nowhere/options.json"))
  }

  @Test func `a file that is no HDF5 ends with 65 and one line`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let file = "\(importer.directory)/text.hdf5"
    try "not a weight".write(toFile: file, atomically: true, encoding: .utf8)
    let answer = try importer.run(["--dump-datasets", file, "\(importer.directory)/out"])
    #expect(answer.status == 65)
    #expect(answer.errors.split(separator: "\n").count == 1, "\(answer.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(importer.directory)/out"))
  }
}

/// The miniature model of the AllenNLP project, its weights and what it must answer.
///
/// Tolerance 1e-5: the stored values were made in float32 by another program; an independent
/// float64 computation differs from them by up to 1.4e-6.
@Suite(.enabled(if: SharedData.isThere, "needs ../shared/data/elmo_allennlp"))
struct GoldenModelTests {
  private func streams() throws -> [[String]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(SharedData.model)/sentences.json"))
    return try JSONDecoder().decode([[String]].self, from: data)
  }

  /// The top layer of an answer in the stored order, [2, T, D].
  private func top(_ answer: SentenceEmbedding) throws -> [Float] {
    let d = answer.projectionWidth
    let values = try #require(answer.lstmOutputs.last)
    var ordered: [Float] = []
    for half in 0..<2 {
      for token in 0..<answer.tokens {
        let start = (2 * token + half) * d
        ordered += values[start..<start + d]
      }
    }
    return ordered
  }

  private func difference(_ found: [Float], _ wanted: [Float]) -> Float {
    guard found.count == wanted.count else { return .infinity }
    return zip(found, wanted).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  }

  @Test func `the imported bundle verifies and says where it is from`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let bundle = try importer.model(
      ["--name", "mini", "--licence", "Apache-2.0", "--cleaning", "article"])
    try bundle.verify()
    #expect(bundle.tensors.names.count == 33)
    #expect(bundle.manifest.name == "mini" && bundle.manifest.cleaning == "article")
    #expect(bundle.manifest.licence == "Apache-2.0")
    #expect(bundle.manifest.training["source"] == "lm_weights.hdf5")
  }

  @Test func `rows of three streams give the stored embeddings, states carried`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let model = try ELMoModel(try importer.model(), stateMode: .carry)
    let zero = try ELMoModel(try importer.model(), stateMode: .zero)
    let stored = try (0..<2).map { try importer.datasets(of: "lm_embeddings_\($0).hdf5") }
    let streams = try streams()
    var batch = ELMoWorkspace(for: model)
    var alone = ELMoWorkspace(for: model)
    var states = [CarriedStates(), CarriedStates()]
    var worst: Float = 0
    for index in 0..<10 {
      let sentences = streams.map { ELMoToken.splitOnWhitespace($0[index]) }
      let answers = model.embed(sentences, workspace: &batch)
      for row in 0..<2 {
        let wanted = try stored[row].floats(of: "\(index)")
        let off = difference(try top(answers[row]), wanted)
        worst = max(worst, off)
        #expect(off <= 1e-5, "stream \(row), sentence \(index): off by \(off)")
        alone.carried = states[row]
        #expect(model.embed([sentences[row]], workspace: &alone) == [answers[row]])
        states[row] = alone.carried
        if index == 0 {
          var workspace = ELMoWorkspace(for: zero)
          #expect(zero.embed([sentences[row]], workspace: &workspace) == [answers[row]])
        }
      }
    }
    print("golden embeddings: largest difference \(worst)")
  }

  /// Bounds of ELMO.md 10.7, on the root mean square of the top layer.
  @Test(arguments: [(Engine.bf16, 3e-3), (.int8, 1e-2)])
  func `narrower engines stay near the stored embeddings`(engine: Engine, tolerance: Double) throws
  {
    let importer = try Importer()
    defer { importer.remove() }
    let model = try ELMoModel(try importer.model(), stateMode: .carry, engine: engine)
    let stored = try (0..<2).map { try importer.datasets(of: "lm_embeddings_\($0).hdf5") }
    let streams = try streams()
    var workspace = ELMoWorkspace(for: model)
    var (error, size) = (0.0, 0.0)
    for index in 0..<10 {
      let sentences = streams.map { ELMoToken.splitOnWhitespace($0[index]) }
      let answers = model.embed(sentences, workspace: &workspace)
      for row in 0..<2 {
        let wanted = try stored[row].floats(of: "\(index)")
        for (x, y) in zip(wanted, try top(answers[row])) {
          error += Double(x - y) * Double(x - y)
          size += Double(x) * Double(x)
        }
      }
    }
    let relative = (error / size).squareRoot()
    #expect(relative < tolerance)
    print("golden embeddings, \(engine.rawValue): off by \(relative) of their size")
  }

  @Test func `the token encoder gives the stored token embeddings`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let model = try ELMoModel(try importer.model())
    let wanted = try importer.datasets(of: "elmo_token_embeddings.hdf5").floats(of: "embedding")
    let text = try Data(contentsOf: URL(fileURLWithPath: "\(SharedData.model)/vocab_test.txt"))
    let tokens = text.split(separator: UInt8(ascii: "\n"))
      .map { ELMoToken(vocabulary: Array($0)) }
    #expect(tokens.count == 458)
    let off = difference(model.tokenVectors(tokens), wanted)
    #expect(off <= 1e-5)
    print("golden token embeddings: largest difference \(off)")
  }

  @Test func `options that do not fit the weights name tensor and both shapes`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let text = try String(
      contentsOfFile: "\(SharedData.model)/options.json", encoding: .utf8)
    let changes = [
      ("\"projection_dim\": 16", "\"projection_dim\": 8", "wanted [124, 8], found [124, 16]"),
      ("\"n_highway\": 2", "\"n_highway\": 3", "CNN_high_2/W_carry is missing"),
      ("\"n_layers\": 2", "\"n_layers\": 3", "Cell2/LSTMCell/W_0 is missing"),
    ]
    for (from, to, reason) in changes {
      let options = "\(importer.directory)/options.json"
      try text.replacingOccurrences(of: from, with: to)
        .write(toFile: options, atomically: true, encoding: .utf8)
      let answer = try importer.run(
        [
          "--options", options, "--weights", "\(SharedData.model)/lm_weights.hdf5", "--output",
          "\(importer.directory)/bad",
        ])
      #expect(answer.status == 65)
      #expect(answer.errors.contains(reason), "\(answer.errors)")
      #expect(!FileManager.default.fileExists(atPath: "\(importer.directory)/bad"))
    }
  }

  @Test func `datasets the options do not ask for are ignored aloud`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let text = try String(contentsOfFile: "\(SharedData.model)/options.json", encoding: .utf8)
    let options = "\(importer.directory)/options.json"
    try text.replacingOccurrences(of: "\"n_layers\": 2", with: "\"n_layers\": 1")
      .write(toFile: options, atomically: true, encoding: .utf8)
    let answer = try importer.run(
      [
        "--options", options, "--weights", "\(SharedData.model)/lm_weights.hdf5", "--output",
        "\(importer.directory)/smaller",
      ])
    #expect(answer.status == 0)
    #expect(answer.errors.contains("RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell/W_P_0"))
    try ModelBundle(directory: "\(importer.directory)/smaller").verify()
  }

  @Test func `weights that are cut short or hold a NaN are refused`() throws {
    let importer = try Importer()
    defer { importer.remove() }
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(SharedData.model)/lm_weights.hdf5"))
    let bundle = try importer.model()
    // The first numbers of a tensor, as they stand in the file, overwritten by a NaN.
    let bias = try bundle.tensors.floats(of: "RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell/W_P_0")
    let start = unsafe bias.prefix(8).withUnsafeBytes { unsafe Data($0) }
    var poisoned = whole
    let place = try #require(poisoned.range(of: start))
    poisoned.replaceSubrange(place.lowerBound..<place.lowerBound + 4, with: [0, 0, 0xc0, 0x7f])
    let cases: [(String, Data, String)] = [
      ("cut", whole.prefix(200_000), "cut short"),
      ("nan", poisoned, "RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell/W_P_0 holds a NaN"),
    ]
    for (name, data, reason) in cases {
      let file = "\(importer.directory)/\(name).hdf5"
      try data.write(to: URL(fileURLWithPath: file))
      let answer = try importer.run(
        [
          "--options", "\(SharedData.model)/options.json", "--weights", file, "--output",
          "\(importer.directory)/\(name)",
        ])
      #expect(answer.status == 65)
      #expect(answer.errors.contains(reason), "\(answer.errors)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: importer.directory)
    #expect(left.sorted() == ["cut.hdf5", "model", "nan.hdf5"])
  }
}
