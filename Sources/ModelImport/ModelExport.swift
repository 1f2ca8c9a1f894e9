import ELMo
import Foundation

/// A bundle's language model as the files that ELMo programs exchange (ELMO.md 6).
///
/// `options.json` and `weights.hdf5` have the layout of AllenNLP and bilm-tf. A bundle that keeps its
/// softmax (`softmax.safetensors`) and its vocabulary (`vocabulary.txt`) also gives
/// `softmax_weights.hdf5` and `vocabulary.txt`. The head and the mix are no part of that layout.
struct ModelExport {
  /// The training keys of the published options, besides those that follow from the weights.
  private static let trainingKeys = [
    "dropout", "all_clip_norm_val", "n_epochs", "n_train_tokens", "batch_size", "unroll_steps",
    "n_negative_samples_batch", "learning_rate", "sample_softmax", "n_tokens_vocab",
  ]

  private let bundle: ModelBundle
  private let softmax: TensorFile?
  private let vocabulary: String?

  /// Opens a bundle and reads every number of it: nothing damaged is passed on.
  init(_ directory: String) throws {
    bundle = try Self.input("\(directory)/model.json") {
      let bundle = try ModelBundle(directory: directory)
      try bundle.verify()
      return bundle
    }
    let network = bundle.manifest.elmo
    let softmaxPath = "\(directory)/softmax.safetensors"
    if FileManager.default.fileExists(atPath: softmaxPath) {
      let file = try Self.input(softmaxPath) { try TensorFile(softmaxPath) }
      let rows = file.shape(of: "softmax/W")?.first ?? 0
      for tensor in Self.softmaxTensors(rows: rows, width: network.projectionSize) {
        try file.check(tensor)
        try file.checkFinite(tensor.name)
      }
      softmax = file
    } else {
      softmax = nil
    }
    let vocabularyPath = "\(directory)/vocabulary.txt"
    vocabulary =
      FileManager.default.fileExists(atPath: vocabularyPath) ? vocabularyPath : nil
  }

  /// Writes the files into a new directory that appears when it is whole.
  func write(to directory: String) throws {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: directory) else {
      throw ImportError.cannotCreate(
        "export to \(directory): it is there already; name a new directory, or remove this one")
    }
    let temporary = "\(directory).\(ProcessInfo.processInfo.processIdentifier).partial"
    do {
      let parent = URL(fileURLWithPath: directory).deletingLastPathComponent().path
      try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try manager.createDirectory(atPath: temporary, withIntermediateDirectories: false)
    } catch {
      throw ModelError.system(
        operation: "create", path: temporary, cause: error.localizedDescription)
    }
    defer { try? manager.removeItem(atPath: temporary) }

    try Self.writeNew(try options(), to: "\(temporary)/options.json")
    let tensors = bundle.manifest.elmo.tensors.filter { bundle.tensors.contains($0.name) }
    try Self.write(tensors, of: bundle.tensors, to: "\(temporary)/weights.hdf5")
    if let softmax {
      let tensors = Self.softmaxTensors(
        rows: softmax.shape(of: "softmax/W")?.first ?? 0,
        width: bundle.manifest.elmo.projectionSize)
      try Self.write(tensors, of: softmax, to: "\(temporary)/softmax_weights.hdf5")
    }
    if let vocabulary {
      let text = try Self.input(vocabulary) {
        try Data(contentsOf: URL(fileURLWithPath: vocabulary))
      }
      try Self.writeNew(text, to: "\(temporary)/vocabulary.txt")
    }
    guard unsafe rename(temporary, directory) == 0 else {
      throw Self.systemFault("create", directory)
    }
  }

  /// The names of tensors that other programs may look for and this network does without.
  var absentTensors: [String] {
    bundle.manifest.elmo.tensors.map(\.name).filter { !bundle.tensors.contains($0) }
  }

  /// The bytes of options.json: the network, the keys that came with it, and what is known of the
  /// training.
  func options() throws -> Data {
    var network = bundle.manifest.elmo
    // The number for inference; a program that sees 261 refuses the files or reads them wrongly.
    network.characterCount = 262
    network.others["bidirectional"] = .bool(true)
    for key in Self.trainingKeys {
      guard let text = bundle.manifest.training[key] else { continue }
      // Numbers and truth values, as the manifest spells them; prose is left out.
      switch try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) {
      case .some(.bool(let value)): network.others[key] = .bool(value)
      case .some(.integer(let value)): network.others[key] = .integer(value)
      case .some(.number(let value)): network.others[key] = .number(value)
      default: break
      }
    }
    if let rows = softmax?.shape(of: "softmax/W")?.first {
      network.others["n_tokens_vocab"] = .integer(rows)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(network) + Data("\n".utf8)
  }

  private static func softmaxTensors(rows: Int, width: Int) -> [TensorRequirement] {
    [TensorRequirement("softmax/W", [rows, width]), TensorRequirement("softmax/b", [rows])]
  }

  private static func write(
    _ tensors: [TensorRequirement], of source: TensorFile, to path: String
  ) throws(ModelError) {
    let file = try HDF5Writer(path)
    for tensor in tensors {
      try source.withFloats(of: tensor.name) { (values) throws(ModelError) in
        try file.write(tensor.name, shape: tensor.shape, values: values)
      }
    }
    try file.finish()
    try makeDurable(path)
  }

  private static func writeNew(_ data: Data, to path: String) throws(ModelError) {
    do {
      try data.write(to: URL(fileURLWithPath: path))
    } catch {
      throw .system(operation: "write", path: path, cause: error.localizedDescription)
    }
    try makeDurable(path)
  }

  private static func makeDurable(_ path: String) throws(ModelError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFault("write", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw systemFault("write", path) }
  }

  private static func systemFault(_ operation: String, _ path: String) -> ModelError {
    .system(operation: operation, path: path, cause: unsafe String(cString: strerror(errno)))
  }

  /// Reads an input: what the file system refuses is a missing input, not an output.
  private static func input<Result>(_ path: String, _ read: () throws -> Result) throws -> Result {
    do {
      return try read()
    } catch ModelError.system(let operation, let path, let cause) {
      throw ImportError.missingInput("\(operation) \(path): \(cause)")
    } catch let error as CocoaError {
      throw ImportError.missingInput("read \(path): \(error.localizedDescription)")
    }
  }
}
