/// A time zone as a value: which offset from UTC was in force when.
package struct ZoneRules: Sendable, Equatable {
  /// An offset and the moment from which it holds.
  package struct Period: Sendable, Equatable {
    /// Seconds since 1970-01-01T00:00:00Z.
    package var start: Int64
    /// Seconds east of UTC.
    package var offset: Int64

    /// A period from its parts.
    package init(start: Int64, offset: Int64) {
      self.start = start
      self.offset = offset
    }
  }

  /// UTC.
  package static let utc = ZoneRules(name: "UTC", periods: [Period(start: .min, offset: 0)])

  /// The zone's name, for messages.
  package let name: String
  private let periods: [Period]

  /// A zone from its periods, the earliest first; the first one also holds before it starts.
  package init(name: String, periods: [Period]) {
    precondition(!periods.isEmpty, "the zone \(name) needs at least 1 period, not 0")
    self.name = name
    self.periods = periods
  }

  /// The moment of a local time, both in seconds since 1970.
  ///
  /// A local time that clocks show twice is the first of the two moments. A local time that clocks skip is read
  /// with the offset before the change, as if the clocks had not been set yet.
  package func seconds(ofLocal local: Int64) -> Int64 {
    // Offsets are less than a day, so the period lies beside the one that begins last before `local`.
    var (low, high) = (0, periods.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if periods[middle].start <= local { low = middle } else { high = middle }
    }
    let near = max(0, low - 2)..<min(periods.count, low + 3)
    for index in near {
      let moment = local - periods[index].offset
      let isAfterStart = index == 0 || moment >= periods[index].start
      if isAfterStart, index + 1 == periods.count || moment < periods[index + 1].start {
        return moment
      }
    }
    // The gap lies before the first period whose start, read with the offset before it, is not after the time.
    let before = near.last { index in
      index > 0 && local - periods[index - 1].offset >= periods[index].start
    }
    return local - periods[before.map { $0 - 1 } ?? low].offset
  }
}
