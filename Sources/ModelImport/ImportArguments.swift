import ELMo

/// The command line of elmond-model-import.
enum ImportArguments: Equatable {
  case help
  case importModel(ImportRequest)
  /// Every float dataset of an HDF5 file into a safetensors file; what the tests read fixtures with.
  case dump(input: String, output: String)

  static let usage = """
    usage: elmond-model-import --options FILE --weights FILE.hdf5 --output DIR
             [--name NAME] [--licence TEXT] [--cleaning article|tweet]
           elmond-model-import --dump-datasets FILE.hdf5 OUT.safetensors

    Turns published ELMo weights into a model bundle: DIR/model.json and DIR/weights.safetensors.
    """

  init(_ arguments: [String]) throws(ImportError) {
    if arguments.contains("--help") || arguments.contains("-h") {
      self = .help
      return
    }
    if arguments.first == "--dump-datasets" {
      guard arguments.count == 3 else {
        throw .usage("--dump-datasets wants an HDF5 file and the safetensors file to write")
      }
      self = .dump(input: arguments[1], output: arguments[2])
      return
    }
    let known = ["--options", "--weights", "--output", "--name", "--licence", "--cleaning"]
    var values: [String: String] = [:]
    var rest = arguments[...]
    while let flag = rest.popFirst() {
      guard known.contains(flag) else { throw .usage("unknown argument \(flag)") }
      guard let value = rest.popFirst() else { throw .usage("\(flag) wants a value") }
      guard values.updateValue(value, forKey: flag) == nil else {
        throw .usage("\(flag) is given twice")
      }
    }
    func required(_ flag: String) throws(ImportError) -> String {
      guard let value = values[flag], !value.isEmpty else { throw .usage("\(flag) is missing") }
      return value
    }
    var output = try required("--output")
    while output.count > 1, output.hasSuffix("/") { output.removeLast() }
    let cleaning = values["--cleaning"] ?? "tweet"
    guard cleaning == "article" || cleaning == "tweet" else {
      throw .usage("--cleaning is \(cleaning), wanted article or tweet")
    }
    let weights = try required("--weights")
    let file = weights.split(separator: "/").last.map(String.init) ?? weights
    self = .importModel(
      ImportRequest(
        options: try required("--options"), weights: weights, output: output,
        name: values["--name"] ?? file.split(separator: ".").first.map(String.init) ?? file,
        licence: values["--licence"], cleaning: cleaning))
  }
}

/// What to import, and into what.
struct ImportRequest: Equatable {
  var options: String
  var weights: String
  var output: String
  var name: String
  var licence: String?
  var cleaning: String
}
