package import Logging

/// swift-log's way into a `LogSink`: the message is the fixed phrase, the metadata the fields.
package struct LineLogHandler: LogHandler {
  private let sink: LogSink
  private var ownLevel: Logger.Level?
  /// Fields of every line of this logger.
  package var metadata: Logger.Metadata = [:]
  /// Fields from the task around the line.
  package var metadataProvider: Logger.MetadataProvider?

  /// A handler that writes to a sink.
  package init(sink: LogSink) { self.sink = sink }

  /// The sink's level until it is set for this logger.
  package var logLevel: Logger.Level {
    get { ownLevel ?? sink.level }
    set { ownLevel = newValue }
  }

  /// One field of every line.
  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one event.
  package func log(event: LogEvent) {
    var fields: [String: String] = [:]
    for source in [metadata, metadataProvider?.get(), event.metadata] {
      for (key, value) in source ?? [:] { fields[key] = "\(value)" }
    }
    if let error = event.error { fields["cause"] = "\(error)" }
    sink.write(event.level, event.message.description, fields)
  }
}
