import Foundation
import Report

/// What was looked at, and what was found.
struct Examination {
  /// A line a finding, good or not, with its remedy.
  private(set) var text = ""
  /// The exit code of the first thing that is not as it must be.
  private(set) var firstFailure: ExitCode?

  /// Looks at one thing: what it is and words for it, or what is wrong with it.
  @discardableResult
  mutating func look<Result>(at name: String, _ body: () throws -> (Result, String)) -> Result? {
    let label = name.padding(toLength: 9, withPad: " ", startingAt: 0)
    do {
      let (result, words) = try body()
      text += "good   \(label) \(PlainText.safe(words))\n"
      return result
    } catch {
      let failure = error as? CommandFailure
      text += "wrong  \(label) \(PlainText.safe(failure?.message ?? "\(error)"))\n"
      if let remedy = failure?.remedy { text += "       remedy: \(PlainText.safe(remedy))\n" }
      firstFailure = firstFailure ?? failure?.code ?? .inputOutput
      return nil
    }
  }
}
