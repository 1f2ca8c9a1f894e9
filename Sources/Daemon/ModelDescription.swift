import ELMo

/// The words of `elmond model info`.
enum ModelDescription {
  static func text(of bundle: ModelBundle) -> String {
    let manifest = bundle.manifest
    let options = manifest.elmo
    var parameters = 0
    for tensor in manifest.tensors { parameters += tensor.shape.reduce(1, *) }
    var rows: [(String, String)] = [
      ("name", manifest.name),
      ("directory", bundle.directory),
      ("parameters", "\(parameters)"),
      (
        "network",
        "\(options.filters.count) filters, \(options.featureSize) features, "
          + "\(options.highwayCount) highway, \(options.layerCount) x biLSTM "
          + "\(options.cellSize)/\(options.projectionSize)"
      ),
      ("state", manifest.stateMode.rawValue),
      ("cleaning", manifest.cleaning),
      ("token cap", "\(manifest.maxTokens)"),
      (
        "labels",
        manifest.labels.map { $0.joined(separator: ", ") } ?? "none: a bare language model"
      ),
    ]
    if let head = manifest.head {
      rows.append(("head", "\(head.pooling) pooling, \(head.hidden) hidden units"))
    }
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
}
