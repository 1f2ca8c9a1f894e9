/// Numbers as the report and tables print them, without locale and without Foundation.
package enum Figures {
  /// A number with a fixed count of decimals, rounded half away from zero.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "–" }
    var scale: Int64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded(.toNearestOrAwayFromZero)
    guard scaled < 9e18 else { return "–" }
    let units = Int64(scaled)
    let sign = value < 0 && units > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(units) }
    let fraction = String(units % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return sign + String(units / scale) + "." + zeros + fraction
  }

  /// A count with thin grouping: `1,234,567`.
  package static func count(_ value: Int64) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  /// A size: `812 B`, `4.0 MiB`.
  package static func bytes(_ value: Int64) -> String {
    guard value >= 1024 else { return "\(value) B" }
    var size = Double(value) / 1024
    for unit in ["KiB", "MiB", "GiB"] {
      if size < 1023.95 { return "\(fixed(size, 1)) \(unit)" }
      size /= 1024
    }
    return "\(fixed(size, 1)) TiB"
  }

  /// A span: `250 ms`, `42 s`, `3 min 20 s`, `5 h 12 min`, `3 d 4 h`.
  package static func span(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds < 0.9995 { return "\(fixed(seconds * 1000, 0)) ms" }
    if seconds < 9.95 { return "\(fixed(seconds, 1)) s" }
    guard seconds < 1e12 else { return "–" }
    let whole = Int64(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    if whole < 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
  }
}
