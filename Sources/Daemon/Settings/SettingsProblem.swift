/// One thing that is wrong with a settings file.
package struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
  /// The file as the operator named it.
  package var file: String
  /// The line, from 1; nil when the whole file is meant.
  package var line: Int?
  /// The column, from 1, for mistakes of syntax.
  package var column: Int?
  /// What is wrong and what is expected.
  package var message: String

  /// `FILE:LINE: message`, as editors and compilers understand it.
  package var description: String {
    var place = file
    if let line { place += ":\(line)" }
    if let column { place += ":\(column)" }
    return "\(place): \(message)"
  }
}

/// A settings file was refused; every problem of the file is listed, in line order.
package struct SettingsFailure: Error, Equatable, CustomStringConvertible {
  /// At least one.
  package var problems: [SettingsProblem]

  /// One problem a line.
  package var description: String { problems.map(\.description).joined(separator: "\n") }

  /// The failure as a command ends with it: exit code 78.
  package var commandFailure: CommandFailure {
    CommandFailure(
      description, remedy: "correct the file, then try it with `elmond check-config FILE`",
      code: .configuration)
  }
}
