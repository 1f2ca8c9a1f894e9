/// How the store treats its file.
package struct StoreOptions: Sendable, Equatable {
  /// How much a power failure may undo.
  package enum Durability: String, Sendable {
    /// The last commits may be undone; they are replayed from the sources.
    case normal
    /// Every commit waits for the device.
    case full
  }

  /// What `synchronous` is set to.
  package var durability: Durability
  /// How long a call waits for another connection, in seconds: short, so that the store stays free for its other callers
  /// while a caller waits and tries again.
  package var busyTimeout: Double
  /// How long opening and closing wait for another connection, in seconds.
  package var openingTimeout: Double
  /// To what size the write-ahead log is cut after a checkpoint, in bytes.
  package var walLimit: Int64
  /// After how many seconds without a tweet a source no longer holds the watermark back.
  package var idleAfter: Int64
  /// How many pages of 4 KiB the database may have; nil leaves the limit to the device.
  package var pageLimit: Int64?

  /// The topics of the settings, which have their place however many tags there are.
  package var topics: Set<String> = []
  /// Up to what size a database that was closed cleanly is checked at its opening, in bytes; a larger one is checked
  /// later.
  package var quickCheckBytes: Int64 = 32 << 20

  /// Options; the defaults are the daemon's.
  package init(
    durability: Durability = .normal, busyTimeout: Double = 0.2, openingTimeout: Double = 10,
    walLimit: Int64 = 64 << 20,
    idleAfter: Int64 = 300, pageLimit: Int64? = nil
  ) {
    self.durability = durability
    self.busyTimeout = busyTimeout
    self.openingTimeout = openingTimeout
    self.walLimit = walLimit
    self.idleAfter = idleAfter
    self.pageLimit = pageLimit
  }
}
