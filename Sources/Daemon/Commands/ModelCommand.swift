import ArgumentParser
import ELMo
import Foundation
import TweetText

/// `elmond model`: everything about bundles.
struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Imports, exports, makes, describes, checks and shrinks model bundles.",
    subcommands: [
      Import.self, Export.self, Random.self, Info.self, Verify.self, Seal.self, Quantize.self,
    ])

  /// `elmond model import`: starts the importer, which alone links libhdf5.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turns published ELMo files (HDF5 weights and options.json) into a bundle.")

    @Option(help: "The published options.json.") var options: String
    @Option(help: "The published weights in HDF5.") var weights: String
    @Option(help: "The directory of the new bundle.") var output: String
    @Option(help: "The bundle's name; the directory's without it.") var name: String?
    @Option(help: "The cleaning profile: tweet, tweet-2, article or article-2.")
    var cleaning: String?
    @Option(help: "The terms of the weights.") var licence: String?

    func run() throws {
      var arguments = ["--options", options, "--weights", weights, "--output", output]
      for (flag, value) in [("--name", name), ("--cleaning", cleaning), ("--licence", licence)] {
        if let value { arguments += [flag, value] }
      }
      try ModelCommand.runImporter(arguments)
    }
  }

  /// `elmond model export`: the importer run backwards.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turns a bundle into published ELMo files (HDF5 weights and options.json).",
      discussion: """
        DIR gets options.json and weights.hdf5 in the layout of AllenNLP and bilm-tf. A bundle that \
        keeps its softmax and vocabulary also gives softmax_weights.hdf5 and vocabulary.txt.
        """)

    @Argument(help: "The bundle.") var bundle: String
    @Argument(help: "The directory to make.") var directory: String

    func run() throws {
      let bundle = try ModelLocator.open(try ModelLocator.find(flag: bundle))
      try NewDirectory.require(directory, argument: "the directory")
      try ModelCommand.runImporter(["--export", bundle.directory, directory])
    }
  }

  /// `elmond model random`: weights from a seed, to measure with or to train a head on.
  struct Random: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a bundle of seeded random weights by an options.json.")

    @Option(help: "The options.json of the network.") var options: String
    @Option(help: "The seed; the same one gives the same bits.") var seed: UInt64 = 1
    @Option(help: "The cleaning profile.") var cleaning: CleaningProfile = .tweet2
    @Option(help: "The directory of the new bundle.") var output: String
    @Option(help: "The bundle's name; the directory's without it.") var name: String?

    func run() throws {
      let url = URL(fileURLWithPath: options)
      guard let data = try? Data(contentsOf: url) else {
        throw CommandFailure("cannot read \(options)", code: .inputMissing)
      }
      try NewDirectory.require(output)
      try ModelCommand.create {
        let network = try ELMoOptions(json: data)
        try ModelBundle.random(
          options: network, seed: seed,
          name: name ?? URL(fileURLWithPath: output).lastPathComponent, directory: output,
          cleaning: cleaning.rawValue)
      }
    }
  }

  /// `elmond model info`.
  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Describes a bundle.")

    @Argument(help: "The bundle; the default search order without it.") var model: String?
    @Flag(help: "Print the layers with their tensors, shapes and parameters instead.")
    var layers = false

    func run() throws {
      let bundle = try ModelLocator.open(try ModelLocator.find(flag: model))
      StandardStream.output.write(
        layers ? ModelLayers.text(of: bundle) : ModelDescription.text(of: bundle))
    }
  }

  /// `elmond model verify`.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks names, types, shapes, numbers and the checksums of a bundle.")

    @Argument(help: "The bundle; the default search order without it.") var model: String?

    func run() throws {
      let bundle = try ModelLocator.open(try ModelLocator.find(flag: model))
      do {
        try bundle.verify()
      } catch {
        throw CommandFailure(model: error, in: bundle.directory)
      }
      let note =
        bundle.manifest.digest == nil
        ? "; model.json is not covered by a digest, elmond model seal adds one" : ""
      StandardStream.output.write("\(bundle.directory): good\(note)\n")
    }
  }

  /// `elmond model seal`.
  struct Seal: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the digest of a bundle whose model.json was changed on purpose.",
      discussion: """
        The digest is SHA-256 of model.json with zeros in the place of the digest; model.json also holds the checksum of \
        the weights. Weights that differ from that checksum are refused. Every command that writes a bundle seals it.
        """)

    @Argument(help: "The bundle.") var model: String

    func run() throws {
      let bundle = try ModelLocator.open(try ModelLocator.find(flag: model))
      let path = "\(bundle.directory)/model.json"
      do {
        let found = try SHA256.digest(file: bundle.tensors.path)
        guard found == bundle.manifest.weights.sha256 else {
          throw ModelError.checksum(
            file: bundle.tensors.path, wanted: bundle.manifest.weights.sha256, found: found)
        }
        try AtomicFile.write(
          String(decoding: try ModelManifest.sealed(file: path), as: UTF8.self), to: path)
        try ModelLocator.open(bundle.directory).verifyChecksums()
      } catch let error as ModelError {
        throw CommandFailure(model: error, in: bundle.directory)
      }
      StandardStream.output.write("\(bundle.directory): sealed\n")
    }
  }

  /// Runs the importer to its end, whose words and exit code are this command's.
  private static func runImporter(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try importer())
    process.arguments = arguments
    do {
      try process.run()
    } catch {
      throw CommandFailure(
        "cannot start the importer: \(error.localizedDescription)", code: .unavailable)
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ArgumentParser.ExitCode(process.terminationStatus)
    }
  }

  /// Makes a bundle; its errors become failures of the command.
  static func create(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as ModelError {
      if case .system = error {
        throw CommandFailure(
          "\(error)", remedy: "name a directory in which this user may create files",
          code: .cannotCreate)
      }
      throw CommandFailure("\(error)", code: .badInput)
    }
  }

  /// The importer: beside this program, or where `make install` puts it.
  private static func importer() throws -> String {
    let name = "elmond-model-import"
    let folder = URL(fileURLWithPath: ProgramPath.current).deletingLastPathComponent()
    let places = [
      folder.appendingPathComponent(name).path,
      folder.deletingLastPathComponent().appendingPathComponent("libexec/elmond/\(name)").path,
    ]
    for place in places where FileManager.default.isExecutableFile(atPath: place) { return place }
    throw CommandFailure(
      "the importer \(name) is not there: looked at \(places.joined(separator: " and "))",
      remedy: "build or install elmond again", code: .unavailable)
  }
}
