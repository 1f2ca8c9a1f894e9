/// The recent sentiment of one topic, for the status report.
package struct TopicFigures: Sendable, Equatable {
  /// The topic's name.
  package var topic: String
  /// The figures of each window that ends at the newest bucket.
  package var windows: [RollingWindow: AggregateValue]
  /// The last 24 hours, oldest first, the hour of the newest bucket last.
  package var hours: [AggregateValue]

  /// Figures from their parts.
  package init(
    topic: String, windows: [RollingWindow: AggregateValue], hours: [AggregateValue]
  ) {
    self.topic = topic
    self.windows = windows
    self.hours = hours
  }
}
