import Foundation

/// A model on disk: model.json and the mapped weights, checked against each other.
package struct ModelBundle: Sendable {
  /// The directory it was opened from.
  package let directory: String
  /// What model.json says.
  package var manifest: ModelManifest
  /// The weights.
  package let tensors: TensorFile

  /// Opens a bundle and checks every tensor's name, type and shape against the options.
  ///
  /// The numbers themselves are not read: opening a large model takes no time. `verify` reads them.
  package init(directory: String) throws(ModelError) {
    self.directory = directory
    manifest = try ModelManifest(contentsOf: "\(directory)/model.json")
    tensors = try TensorFile("\(directory)/\(manifest.weights.file)")
    for tensor in manifest.tensors { try tensors.check(tensor) }
  }

  /// Reads every byte of the files: refuses a model.json that differs from its digest, and weights whose SHA-256 differs.
  package func verifyChecksums() throws(ModelError) {
    try ModelManifest.verify(file: "\(directory)/model.json")
    let found = try SHA256.digest(file: tensors.path)
    guard found == manifest.weights.sha256 else {
      throw .checksum(file: tensors.path, wanted: manifest.weights.sha256, found: found)
    }
  }

  /// Verifies the checksums, and refuses weights that hold a NaN or an infinity.
  package func verify() throws(ModelError) {
    try verifyChecksums()
    for tensor in manifest.tensors where tensors.contains(tensor.name) {
      try tensors.checkFinite(tensor.name)
    }
  }

  /// Writes a bundle into a new directory that appears when it is whole; replaces an older bundle.
  ///
  /// `fill` appends the numbers of `tensors` in their order; the checksum is set here. A number that
  /// `storage` cannot hold is refused with its tensor's name.
  package static func write(
    _ manifest: ModelManifest, tensors: [TensorRequirement], to directory: String,
    storage: WeightStorage = .float32, fill: (inout TensorWriter) throws -> Void
  ) throws {
    try create(directory) { temporary in
      var writer = try TensorWriter(
        "\(temporary)/\(manifest.weights.file)", tensors: tensors, storage: storage)
      try fill(&writer)
      var manifest = manifest
      manifest.weights.sha256 = try writer.finish()
      return manifest
    }
  }

  /// Writes this bundle's weights, byte for byte, with another manifest into a new directory.
  package func copy(to directory: String, manifest: ModelManifest) throws {
    try Self.create(directory) { temporary in
      let path = "\(temporary)/\(manifest.weights.file)"
      do {
        try FileManager.default.copyItem(atPath: tensors.path, toPath: path)
      } catch {
        throw ModelError.system(operation: "create", path: path, cause: error.localizedDescription)
      }
      return manifest
    }
  }

  /// Makes a directory that appears when it is whole: `fill` writes the weights into a temporary one and returns the
  /// manifest to write beside them.
  private static func create(
    _ directory: String, fill: (_ temporary: String) throws -> ModelManifest
  ) throws {
    let manager = FileManager.default
    var directory = directory
    while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
    let parent = URL(fileURLWithPath: directory).deletingLastPathComponent().path
    let temporary = "\(directory).\(ProcessInfo.processInfo.processIdentifier).partial"
    do {
      try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try? manager.removeItem(atPath: temporary)
      try manager.createDirectory(atPath: temporary, withIntermediateDirectories: false)
    } catch {
      throw ModelError.system(
        operation: "create", path: temporary, cause: error.localizedDescription)
    }
    defer { try? manager.removeItem(atPath: temporary) }

    let text = try fill(temporary).sealed()
    let file = try OutputFile.create("\(temporary)/model.json", start: text.span)
    try file.finish()
    try replace(directory, with: temporary)
  }

  /// Writes a bundle whose tensors are at hand; only those are written that are listed.
  package static func write(
    _ manifest: ModelManifest, tensors: [(name: String, shape: [Int], values: [Float])],
    to directory: String, storage: WeightStorage = .float32
  ) throws {
    try write(
      manifest, tensors: tensors.map { TensorRequirement($0.name, $0.shape) }, to: directory,
      storage: storage
    ) { writer in
      for tensor in tensors { try writer.append(tensor.values.span) }
    }
  }

  /// Writes this bundle's model into another directory, its weights in another storage, for the engine of
  /// that storage.
  ///
  /// Tensors that the model does not use are left out.
  package func write(
    to directory: String, name: String, storage: WeightStorage
  ) throws {
    var manifest = manifest
    manifest.name = name
    manifest.engine = storage.engine
    manifest.training["quantized"] =
      "\(storage.rawValue) from \(self.manifest.name), SHA-256 \(self.manifest.weights.sha256)"
    let kept = manifest.tensors.filter { tensors.contains($0.name) }
    try Self.write(manifest, tensors: kept, to: directory, storage: storage) { writer in
      for tensor in kept {
        try tensors.withFloats(of: tensor.name) { (values) throws(ModelError) in
          try writer.append(values)
        }
      }
    }
  }

  /// Puts the new directory where the old one was; anything but a bundle there is left alone.
  private static func replace(_ directory: String, with new: String) throws {
    let manager = FileManager.default
    let retired = "\(new).old"
    if manager.fileExists(atPath: directory) {
      let contents = (try? manager.contentsOfDirectory(atPath: directory)) ?? []
      guard contents.isEmpty || contents.contains("model.json") else {
        throw ModelError.system(
          operation: "create", path: directory,
          cause: "something else is there; name a new directory or remove it")
      }
      guard unsafe rename(directory, retired) == 0 else {
        throw OutputFile.fault("replace", directory)
      }
    }
    guard unsafe rename(new, directory) == 0 else {
      let fault = OutputFile.fault("create", directory)
      unsafe rename(retired, directory)
      throw fault
    }
    try? manager.removeItem(atPath: retired)
  }
}
