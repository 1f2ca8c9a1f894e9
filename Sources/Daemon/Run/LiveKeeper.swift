import Pipeline

/// Keeps the live sources from one session to the next, so that a reload does not break their connections.
///
/// At a stop, a source's reader hands over everything that it has read, and the session commits all of it. What the
/// source itself holds (connection, place, budget, a recovery under way) goes on in the next session.
final class LiveKeeper: Sendable {
  private struct Kept: Sendable {
    var settings: Settings.Source
    var source: any KeptSource
  }

  private let kept = Guarded<[String: Kept]>([:])

  /// The source that was made with the same settings, or else the one that `make` opens.
  func source(
    for settings: Settings.Source, make: () async throws -> any KeptSource
  ) async throws -> any RecordSource {
    if let source = find(settings) {
      source.restate()
      return source
    }
    // The connection of the old source ends before the new one is asked for.
    kept.withLock { $0[settings.name] = nil }
    let made = try await make()
    kept.withLock { $0[settings.name] = Kept(settings: settings, source: made) }
    return made
  }

  /// Drops the sources that are not read any more, and with them their connections.
  func keep(only names: [String]) {
    kept.withLock { kept in kept = kept.filter { names.contains($0.key) } }
  }

  private func find(_ settings: Settings.Source) -> (any KeptSource)? {
    kept.withLock { kept in
      guard let old = kept[settings.name], old.settings == settings else { return nil }
      return old.source
    }
  }
}

/// A source that outlives a session.
protocol KeptSource: RecordSource {
  /// Tells the new session what it does.
  func restate()
}
