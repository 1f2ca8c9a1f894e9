import Glibc

/// What the process occupies.
enum ProcessMemory {
  /// The largest resident size so far, in KiB.
  static var peakKiB: Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }
}
