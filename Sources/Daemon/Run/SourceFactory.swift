import Ingest
import Pipeline
import Store
import TweetText
import Tweets

/// Makes the sources of the settings, each at the position where it was left.
struct SourceFactory {
  /// What the pipeline needs of the sources.
  struct Sources: Sendable {
    var sources: [any RecordSource] = []
    var decoders: [String: TweetDecoder] = [:]
    var positions: [MicroBatch.FileKey: FilePosition] = [:]
    /// What the operator should know before the start.
    var warnings: [(message: String, fields: [String: String])] = []
  }

  let settings: Settings
  let store: AggregateStore
  let untilEnd: Bool
  let standardInput: StandardInputKeeper
  let liveSources: LiveKeeper

  /// Opens every source; one that cannot be opened at all refuses the start.
  func make() async throws -> Sources {
    var made = Sources()
    let live = settings.sources.filter(\.kind.isLive)
    try await store.endGaps(except: live.map(\.name), at: WallClock.now)
    for source in live { made.warnings += SourceFactory.warnings(of: source) }
    for source in settings.sources {
      let positions = try await store.positions(of: source.name)
      for position in positions where position.itemsDone > 0 {
        made.positions[MicroBatch.FileKey(source: source.name, position)] = position
      }
      made.sources.append(
        source.kind.isLive
          ? try await liveSources.source(for: source) { try await openLive(source) }
          : try open(source, positions: positions))
      made.decoders[source.name] = SourceFactory.decoder(of: source)
    }
    liveSources.keep(only: live.map(\.name))
    return made
  }

  /// What reads the records of a source.
  static func decoder(of source: Settings.Source) -> TweetDecoder {
    TweetDecoder(
      csv: CSVMapping(
        text: source.columns.text, id: source.columns.id, time: source.columns.time,
        lang: source.columns.lang),
      shape: shape(of: source), times: source.times)
  }

  private func open(
    _ source: Settings.Source, positions: [FilePosition]
  ) throws -> any RecordSource {
    var options = IngestOptions(
      format: InputFormat(rawValue: source.format.rawValue) ?? .auto, encoding: source.encoding,
      hasHeading: source.header, columns: source.columns.names,
      frame: FrameLimits(recordBytes: source.maxLine))
    do {
      switch source.kind {
      case .file(let path, let follow):
        return IngestSource(
          FileSource(
            name: source.name, path: path, follow: follow && !untilEnd, options: options,
            positions: positions),
          name: source.name)
      case .directory(let path, let settle, let recursive):
        options.settle = settle
        return IngestSource(
          DirectorySource(
            name: source.name, path: path, follow: !untilEnd, recursive: recursive,
            options: options, positions: positions),
          name: source.name)
      case .stdin:
        return try standardInput.source(named: source.name) {
          IngestSource(
            try StandardInputSource(name: source.name, options: options), name: source.name)
        }
      case .replay(let path, let speed):
        let file = IngestSource(
          FileSource(
            name: source.name, path: path, follow: false, options: options,
            positions: positions),
          name: source.name)
        guard case .times(let factor) = speed else { return file }
        return PacedSource(
          file, factor: factor, decoder: SourceFactory.decoder(of: source),
          overload: .shed(OverloadPolicy.Limits()))
      case .x, .mastodon, .jetstream, .http:
        preconditionFailure("source \(source.name) is live: openLive opens it")
      }
    } catch let error as IngestError {
      throw CommandFailure(ingest: error)
    }
  }
}
