/// What one record may cost.
package struct FrameLimits: Sendable, Equatable {
  /// The longest record in bytes; a longer one is skipped and counted.
  package var recordBytes: Int
  /// The longest page: a document with a list of records, each of which is measured by `recordBytes`.
  package var pageBytes: Int
  /// The deepest nesting of a JSON document, at most 64.
  package var depth: Int

  /// Limits from their parts; the defaults are those of the settings.
  package init(recordBytes: Int = 1 << 20, pageBytes: Int = 64 << 20, depth: Int = 64) {
    precondition(recordBytes > 0, "a record needs room for at least 1 byte, not \(recordBytes)")
    precondition((1...64).contains(depth), "a nesting of 1 to 64 is supported, not \(depth)")
    self.recordBytes = recordBytes
    self.pageBytes = max(pageBytes, recordBytes)
    self.depth = depth
  }
}
