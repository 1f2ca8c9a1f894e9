/// Decides after a stop which of the messages that still wait are worth the model's time.
///
/// Records with a position are read again at the next start, so they are dropped, and with the first of
/// them whatever the same source says later: it may rest on what was dropped.
struct StopFilter {
  private var dropped: Set<String> = []

  /// False for a message that must be ignored.
  mutating func keeps(_ message: SourceReader.Message) -> Bool {
    if case .records(let batch, let source, _) = message, batch.start != nil {
      dropped.insert(source)
    }
    return !dropped.contains(message.source)
  }
}
