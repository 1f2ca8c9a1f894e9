import ArgumentParser
import Foundation

/// The program behind `@main`: reads the arguments, runs a command, and turns errors into exit codes.
package enum ElmondProgram {
  /// Runs the command of the process's arguments and exits.
  package static func main() async {
    BLASEnvironment.cleanse()
    do {
      var command = try ElmondCommand.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      StandardStream.error.say("elmond: \(failure)")
      exit(failure.code.rawValue)
    } catch {
      ElmondCommand.exit(withError: error)
    }
  }
}
