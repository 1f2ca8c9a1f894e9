import ELMo

/// The command line of elmond-model-import.
enum ImportArguments: Equatable {
  case help
  case importModel(ImportRequest)
  /// The language model of a bundle into files of the published layout.
  case exportModel(bundle: String, output: String)
  /// Every float dataset of an HDF5 file into a safetensors file; what the tests read fixtures with.
  case dump(input: String, output: String)

  static let usage = """
    usage: elmond-model-import --options FILE --weights FILE.hdf5 --output DIR
             [--name NAME] [--licence TEXT] [--cleaning article|tweet]
           elmond-model-import --export BUNDLE DIR
           elmond-model-import --dump-datasets FILE.hdf5 OUT.safetensors

    Turns published ELMo weights into a model bundle: DIR/model.json and DIR/weights.safetensors.
    --export turns a bundle back: DIR/options.json and DIR/weights.hdf5.
    """

  init(_ arguments: [String]) throws(ImportError) {
    if arguments.contains("--help") || arguments.contains("-h") {
      self = .help
      return
    }
    if arguments.first == "--export" {
      guard arguments.count == 3, !arguments[1].isEmpty, !arguments[2].isEmpty else {
        throw .usage("--export wants a bundle and the directory to make")
      }
      self = .exportModel(
        bundle: Self.trimmed(arguments[1]), output: Self.trimmed(arguments[2]))
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
    let output = Self.trimmed(try required("--output"))
    let cleaning = values["--cleaning"] ?? "tweet"
    guard ["article", "article-2", "tweet", "tweet-2"].contains(cleaning) else {
      throw .usage("--cleaning is \(cleaning), wanted article, article-2, tweet or tweet-2")
    }
    let weights = try required("--weights")
    let file = weights.split(separator: "/").last.map(String.init) ?? weights
    self = .importModel(
      ImportRequest(
        options: try required("--options"), weights: weights, output: output,
        name: values["--name"] ?? file.split(separator: ".").first.map(String.init) ?? file,
        licence: values["--licence"], cleaning: cleaning))
  }

  /// A directory's path without slashes at its end.
  private static func trimmed(_ directory: String) -> String {
    var directory = directory
    while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
    return directory
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
