/// The JSON header of a safetensors file whose tensors lie one after another.
struct SafetensorsHeader {
  private var text: [UInt8] = Array("{".utf8)
  private var offset = 0

  var count: Int { text.count }

  mutating func append(_ name: String, shape: [Int], kind: TensorKind = .F32) {
    let bytes = kind.size * shape.reduce(1, *)
    if text.count > 1 { text.append(UInt8(ascii: ",")) }
    text.append(UInt8(ascii: "\""))
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text.append(UInt8(ascii: "\\"))
        text.append(byte)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        text.append(contentsOf: "\\u00".utf8)
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      default: text.append(byte)
      }
    }
    let extents = shape.map(String.init).joined(separator: ",")
    text.append(
      contentsOf:
        "\":{\"dtype\":\"\(kind.rawValue)\",\"shape\":[\(extents)],\"data_offsets\":[\(offset),\(offset + bytes)]}"
        .utf8)
    offset += bytes
  }

  /// Length and text, padded with blanks so that the numbers start at a multiple of eight.
  var encoded: [UInt8] {
    var body = text
    body.append(UInt8(ascii: "}"))
    while body.count % 8 != 0 { body.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    for shift in stride(from: 0, through: 56, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: UInt64(body.count) >> UInt64(shift)))
    }
    return bytes + body
  }
}
