/// One entry of the journal in its native protocol, see
/// <https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>.
package struct JournalDatagram {
  /// The entry's bytes.
  package private(set) var bytes: [UInt8] = []

  /// An entry without fields.
  package init() {}

  /// Adds a field; `name` is `[A-Z0-9_]` and does not begin with `_`.
  package mutating func add(_ name: String, _ value: String) {
    let valueBytes = Array(value.utf8)
    bytes += name.utf8
    guard valueBytes.contains(UInt8(ascii: "\n")) else {
      bytes.append(UInt8(ascii: "="))
      bytes += valueBytes
      bytes.append(UInt8(ascii: "\n"))
      return
    }
    bytes.append(UInt8(ascii: "\n"))
    let length = UInt64(valueBytes.count)
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: length >> shift))
    }
    bytes += valueBytes
    bytes.append(UInt8(ascii: "\n"))
  }

  /// `ELMOND_` and the key in capitals, what is neither letter nor digit as `_`.
  package static func fieldName(_ key: String) -> String {
    let name = key.utf8.prefix(56).map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
      default: UInt8(ascii: "_")
      }
    }
    return "ELMOND_" + String(decoding: name, as: UTF8.self)
  }
}
