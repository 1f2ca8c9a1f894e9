import ELMo
import Foundation

/// Finds the model bundle: the flag, the settings, `$ELMOND_MODEL`, beside the sources, the installed one.
enum ModelLocator {
  static let installed = "/usr/share/elmond/models/default"

  /// The directory of the bundle to use; refuses when none of the places has one.
  static func find(flag: String?, settings: String? = nil) throws -> String {
    let environment = ProcessInfo.processInfo.environment["ELMOND_MODEL"]
    for (origin, path) in [
      ("--model", flag), ("the settings", settings), ("$ELMOND_MODEL", environment),
    ] {
      guard let path, !path.isEmpty else { continue }
      guard hasManifest(path) else {
        guard FileManager.default.fileExists(atPath: path),
          !FileManager.default.isExecutableFile(atPath: path)
        else {
          throw missing(path, origin)
        }
        throw CommandFailure(
          "cannot look into \(path) (from \(origin)): permission denied",
          remedy: "give this user the right to read it and its files", code: .permission)
      }
      return path
    }
    for path in besideTheSources + [installed] where hasManifest(path) { return path }
    throw CommandFailure(
      "no model bundle found: none was named, and neither models/default nor \(installed) exists",
      remedy: "give --model DIR, set model.path in the settings, or set $ELMOND_MODEL",
      code: .inputMissing)
  }

  private static func missing(_ path: String, _ origin: String) -> CommandFailure {
    CommandFailure(
      "no model bundle at \(path) (from \(origin)): it has no model.json",
      remedy: "name a directory that holds model.json and weights.safetensors",
      code: .inputMissing)
  }

  /// Opens a bundle; its errors become failures of the command.
  static func open(_ directory: String) throws -> ModelBundle {
    do {
      return try ModelBundle(directory: directory)
    } catch {
      throw CommandFailure(model: error, in: directory)
    }
  }

  /// `models/default` of the working directory, and of the checkout that the program was built in.
  private static var besideTheSources: [String] {
    var places = ["models/default"]
    var folder = URL(fileURLWithPath: ProgramPath.current).deletingLastPathComponent()
    for _ in 0..<4 {
      places.append(folder.appendingPathComponent("models/default").path)
      folder.deleteLastPathComponent()
    }
    return places
  }

  private static func hasManifest(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/model.json")
  }
}

extension ModelLocator {
  /// Loads the network of a bundle; its errors become failures of the command.
  static func load(
    _ bundle: ModelBundle, stateMode: StateMode? = nil, engine: Engine? = nil
  ) throws -> ELMoModel {
    do {
      return try ELMoModel(bundle, stateMode: stateMode, engine: engine)
    } catch {
      throw CommandFailure(model: error, in: bundle.directory)
    }
  }
}
