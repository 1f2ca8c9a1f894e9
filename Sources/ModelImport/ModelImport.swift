import ELMo
import Foundation

/// elmond-model-import: published HDF5 weights and options into a bundle, and back.
@main
enum ModelImport {
  static func main() {
    do {
      switch try ImportArguments(Array(CommandLine.arguments.dropFirst())) {
      case .help: print(ImportArguments.usage)
      case .importModel(let request): try importModel(request)
      case .exportModel(let bundle, let output): try exportModel(bundle, to: output)
      case .dump(let input, let output): try dump(input, to: output)
      }
    } catch let error as ImportError {
      say(error.description)
      if case .usage = error { say(ImportArguments.usage) }
      exit(error.exitCode)
    } catch ModelError.system(let operation, let path, let cause) {
      say("\(operation) \(path): \(cause)")
      exit(73)
    } catch {
      say("\(error)")
      exit(65)
    }
  }

  static func importModel(_ request: ImportRequest) throws {
    let options = try ELMoOptions(json: try contents(of: request.options))
    if let remark = options.remark { say("note: \(request.options): \(remark)") }
    try requireFile(request.weights)
    let file = try HDF5File(request.weights)

    // Every shape first: a misfit is found before anything is written.
    var tensors: [TensorRequirement] = []
    for tensor in options.tensors {
      guard let shape = try file.shape(of: tensor.name) else {
        if tensor.isOptional { continue }
        throw ModelError.missingTensor(name: tensor.name, wanted: tensor.shape)
      }
      guard shape == tensor.shape else {
        throw ModelError.tensorShape(name: tensor.name, wanted: tensor.shape, found: shape)
      }
      tensors.append(tensor)
    }
    let used = Set(tensors.map(\.name))
    for name in try file.datasetNames() where !used.contains(name) {
      say("note: \(request.weights): dataset \(name) is not part of the model, ignored")
    }

    var manifest = ModelManifest(
      name: request.name, elmo: options, cleaning: request.cleaning, licence: request.licence)
    manifest.training["source"] =
      request.weights.split(separator: "/").last.map(String.init) ?? request.weights
    try ModelBundle.write(manifest, tensors: tensors, to: request.output) { writer in
      for tensor in tensors {
        let values = try file.read(tensor.name).values
        if let index = values.firstIndex(where: { !$0.isFinite }) {
          throw ModelError.notFinite(name: tensor.name, index: index)
        }
        try writer.append(values.span)
      }
    }
  }

  static func exportModel(_ directory: String, to output: String) throws {
    let export = try ModelExport(directory)
    let absent = export.absentTensors
    if !absent.isEmpty {
      say(
        "note: \(absent.joined(separator: ", ")) are no part of this network, whose sizes agree; "
          + "programs that always want them cannot read it")
    }
    try export.write(to: output)
  }

  static func dump(_ input: String, to output: String) throws {
    try requireFile(input)
    let file = try HDF5File(input)
    var tensors: [(name: String, shape: [Int], values: [Float])] = []
    for name in try file.datasetNames() {
      do {
        let dataset = try file.read(name)
        tensors.append((name, dataset.shape, dataset.values))
      } catch {
        say("note: \(error)")
      }
    }
    try TensorWriter.write(tensors, to: output)
  }

  private static func contents(of path: String) throws(ImportError) -> Data {
    try requireFile(path)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missingInput("read \(path): it cannot be read; check its permissions")
    }
    return data
  }

  private static func requireFile(_ path: String) throws(ImportError) {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw .missingInput("read \(path): there is no such file, or it cannot be read")
    }
  }

  private static func say(_ line: String) {
    FileHandle.standardError.write(Data("elmond-model-import: \(line)\n".utf8))
  }
}
