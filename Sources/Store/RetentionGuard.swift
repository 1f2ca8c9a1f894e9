/// Keeps a retention that became shorter from deleting anything at once: a mistake in a setting can be corrected.
package struct RetentionGuard: Equatable {
  /// How long a shorter retention waits, in milliseconds of running time.
  package static let grace: Int64 = 86_400_000

  /// What is in force: nothing younger was ever deleted.
  package var inForce: Retention
  /// A shorter one that waits; nil when none does.
  package var announced: Retention?
  /// How long it waits yet, in milliseconds.
  package var left: Int64 = 0

  /// A guard with the retention in force.
  package init(inForce: Retention) { self.inForce = inForce }

  /// Takes the retention of the settings; `elapsed` milliseconds have passed since the last call.
  ///
  /// A longer one is in force at once, and so is a shorter one that `isHarmless`.
  package mutating func want(
    _ wanted: Retention, elapsed: Int64, isHarmless: (Retention) throws -> Bool
  ) rethrows {
    inForce = Retention(
      minutes: RetentionGuard.longer(inForce.minutes, wanted.minutes),
      hours: RetentionGuard.longer(inForce.hours, wanted.hours))
    guard inForce != wanted, try !isHarmless(wanted) else {
      accept(wanted)
      return
    }
    if announced == wanted {
      left = max(0, left - elapsed)
      if left == 0 { accept(wanted) }
    } else {
      announced = wanted
      left = RetentionGuard.grace
    }
  }

  /// Puts a retention in force without waiting.
  package mutating func accept(_ wanted: Retention) {
    inForce = wanted
    announced = nil
    left = 0
  }

  private static func longer(_ a: Int64?, _ b: Int64?) -> Int64? {
    guard let a, let b else { return nil }
    return max(a, b)
  }
}
