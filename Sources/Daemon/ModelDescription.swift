import ELMo

/// The words of `elmond model info`.
enum ModelDescription {
  static func text(of bundle: ModelBundle) -> String {
    let manifest = bundle.manifest
    let options = manifest.elmo
    var parameters = 0
    for tensor in manifest.tensors where bundle.tensors.contains(tensor.name) {
      parameters += tensor.count
    }
    var rows: [(String, String)] = [
      ("name", manifest.name),
      ("directory", bundle.directory),
      ("parameters", "\(parameters)"),
      ("storage", storage(of: bundle.tensors)),
      ("engine", engine(of: manifest)),
      (
        "network",
        "\(options.filters.count) filters, \(options.featureSize) features, "
          + "\(options.highwayCount) highway, \(options.layerCount) x biLSTM "
          + "\(options.cellSize)/\(options.projectionSize)"
      ),
      ("state", manifest.stateMode.rawValue),
      ("cleaning", manifest.cleaning),
      (
        "languages",
        manifest.languages.map { $0.joined(separator: ", ") }
          ?? "not told: texts in any language are scored"
      ),
      ("token cap", "\(manifest.maxTokens)"),
      (
        "labels",
        manifest.labels.map { $0.joined(separator: ", ") } ?? "none: a bare language model"
      ),
    ]
    if let head = manifest.head {
      let hidden = head.hidden == 0 ? "no hidden layer" : "\(head.hidden) hidden units"
      let members = head.members == 1 ? "" : ", mean of \(head.members) members"
      rows.append(("head", "\(head.pooling.rawValue) pooling, \(hidden)\(members)"))
    }
    if let coHead = manifest.coHead {
      rows.append(
        (
          "co-head",
          "n-grams in \(1 << coHead.bits) buckets, weight \(coHead.weight) beside "
            + "\(manifest.headWeight ?? 1) of the head"
        ))
    }
    rows += calibration(of: manifest)
    let mix = manifest.scalarMix
    rows.append(
      ("scalar mix", mix.weights.map { "\($0)" }.joined(separator: ", ") + "; gamma \(mix.gamma)"))
    if let licence = manifest.licence { rows.append(("licence", licence)) }
    for (key, value) in manifest.training.sorted(by: { $0.key < $1.key }) {
      rows.append(("training \(key)", value))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { key, value in
      key + String(repeating: " ", count: width - key.count + 2) + value + "\n"
    }.joined()
  }

  /// How the numbers are stored, in the word of `model quantize` where there is one, and how many
  /// bytes that takes.
  private static func storage(of tensors: TensorFile) -> String {
    let kinds = tensors.numbersByKind.map { "\($0.numbers) \($0.kind)" }.joined(separator: ", ")
    return "\(tensors.storage?.rawValue ?? "mixed"): \(kinds) in \(tensors.byteCount) bytes"
  }

  /// What products are computed in, and on which path here.
  private static func engine(of manifest: ModelManifest) -> String {
    let engine = manifest.engine ?? .fp32
    return "\(engine.rawValue), here on \(engine.path)"
  }

  private static func calibration(of manifest: ModelManifest) -> [(String, String)] {
    var rows: [(String, String)] = []
    if let temperature = manifest.temperature { rows.append(("temperature", "\(temperature)")) }
    if let biases = manifest.labelBiases {
      rows.append(("label biases", biases.map { "\($0)" }.joined(separator: ", ")))
    }
    if let threshold = manifest.threshold { rows.append(("threshold", "\(threshold)")) }
    if let offsets = manifest.labelOffsets {
      rows.append(("label offsets", offsets.map { "\($0)" }.joined(separator: ", ")))
    }
    return rows
  }
}
