import ArgumentParser
import ELMo
import Foundation

/// The network of a pre-training, and the weights that it starts from.
struct PretrainStart: ParsableArguments {
  @Option(help: "A network by name: A, B, C, small, medium or original.")
  var preset: PretrainPreset?
  @Option(help: "The options.json of a network.") var options: String?
  @Option(name: .customLong("init"), help: "A bundle whose biLM is trained on.") var bundle: String?

  func validate() throws {
    let given = [preset?.rawValue, options, bundle].compactMap { $0 }.count
    guard given == 1 else {
      throw ValidationError("give one of --preset, --options and --init, not \(given) of them")
    }
  }

  /// The network, and the bundle it comes from.
  func network() throws -> (options: ELMoOptions, bundle: ModelBundle?) {
    if let preset { return (preset.options, nil) }
    if let bundle {
      let opened = try ModelLocator.open(try ModelLocator.find(flag: bundle))
      do { try opened.verify() } catch { throw CommandFailure(model: error, in: bundle) }
      return (opened.manifest.elmo, opened)
    }
    guard let options, let data = try? Data(contentsOf: URL(fileURLWithPath: options)) else {
      throw CommandFailure(
        "cannot read \(options ?? "the options")",
        remedy: "name an options.json that this user may read", code: .inputMissing)
    }
    do { return (try ELMoOptions(json: data), nil) } catch {
      throw CommandFailure("\(options): \(error)", code: .badInput)
    }
  }
}
