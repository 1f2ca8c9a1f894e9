/// How long the buckets of a query are.
package enum Granularity: String, Sendable, CaseIterable {
  case minutely, hourly, daily
}
