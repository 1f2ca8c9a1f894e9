import ArgumentParser
import Report
import Store

/// `elmond report`: the status report of a database, without the daemon.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Prints the status report of a database.")

  @OptionGroup var source: DatabaseOption

  func run() throws {
    let path = try source.path()
    let inputs = try source.read { try $0.statusInputs() }
    var report = StatusReport(version: Version.current, started: nil, now: WallClock.now)
    report.fill(from: inputs, path: path)
    StandardStream.output.write(report.text)
  }
}
