import Aggregates
import Foundation
import Store

/// The clocks of the machine, for decisions that one wrong clock must not make.
enum MachineClock {
  /// What they say now. Where the kernel does not tell its uptime, each process counts as a new start of the machine.
  static var reading: ClockReading {
    let boot = text("/proc/sys/kernel/random/boot_id")
    let uptime = text("/proc/uptime")?.split(separator: " ").first.flatMap { Double($0) }
    guard let boot, let uptime, (0..<1e12).contains(uptime) else {
      return ClockReading(
        time: WallClock.now, uptime: 0, boot: Int64(ProcessInfo.processInfo.processIdentifier))
    }
    var hash = SipHash()
    hash.append(boot.utf8)
    return ClockReading(
      time: WallClock.now, uptime: Int64(uptime * 1000),
      boot: Int64(truncatingIfNeeded: hash.finish() >> 1))
  }

  private static func text(_ path: String) -> String? {
    FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 256) }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
