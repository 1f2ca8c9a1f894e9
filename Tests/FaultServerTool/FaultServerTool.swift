import ArgumentParser
import FaultServer
import Foundation

/// A stream of a platform, played from a file, for the end-to-end tests: it goes on while nobody listens, as a real
/// one does, and notes every record that it handed over.
@main
struct FaultServerTool: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "elmond-fault-server")

  @Option(help: "x, http, mastodon or jetstream.") var `protocol`: Platform
  @Option(help: "A file of JSON documents, one a line.") var file: String
  @Option(help: "The port; 0: any.") var port: UInt16 = 0
  @Option(help: "The port is written here.") var portFile: String
  @Option(help: "Records a second, whether anybody listens or not; 0: as fast as they are taken.")
  var rate = 0.0
  @Option(help: "What happened: milliseconds, sent or passed, and from which record to which.")
  var journal: String?
  @Option(help: "The share of records that are sent twice.") var duplicate = 0.0
  @Option(help: "The connection is torn down after so many new records.") var dropAfter: Int?
  @Option(help: "The connection falls silent after so many new records.") var stallAfter: Int?
  @Flag(help: "Records of the last minutes are sent again when they are asked for.")
  var backfill = false
  @Option(help: "A file with the token that must be shown.") var tokenFile: String?
  @Flag(help: "Speaks TLS; the authority is written beside the port file, as `.pem`.") var tls =
    false
  @Option(help: "The file is played so often.") var loop = 1

  func run() throws {
    // Lines may be anything, invalid UTF-8 too.
    let content = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    var lines = content.split(separator: 0x0A).map { Array($0) }
    lines = Array(repeatElement(lines, count: loop).joined())
    let server = FaultServer(
      tls: tls ? FaultServer.TLSFault.none : nil, port: port,
      authorities: tls ? portFile + ".pem" : nil)
    let token = try tokenFile.map {
      try String(contentsOfFile: $0, encoding: .utf8).trimmingCharacters(
        in: .whitespacesAndNewlines)
    }
    let play = Play(
      lines: lines, rate: rate, journal: journal, duplicate: duplicate, dropAfter: dropAfter,
      stallAfter: stallAfter, backfill: backfill, token: token)
    `protocol`.serve(play, on: server)
    try "\(server.port)\n".write(toFile: portFile, atomically: true, encoding: .utf8)
    FileHandle.standardError.write(Data("listening on \(server.port)\n".utf8))
    signal(SIGTERM) { _ in _exit(0) }
    play.runClock()
    while true { sleep(1000) }
  }
}
