import Foundation

/// Where this program lies on the disk.
enum ProgramPath {
  static var current: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }
}
