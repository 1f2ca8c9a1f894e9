/// A frame that the client sends (RFC 6455, 5.2): whole, and masked.
package enum WebSocketFrame {
  /// What a frame is.
  package enum Opcode: UInt8, Sendable {
    /// More of a message.
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    var isControl: Bool { rawValue >= 8 }
  }

  /// The bytes of a control frame; its payload is cut to the 125 bytes that are allowed.
  package static func control(_ opcode: Opcode, _ payload: ArraySlice<UInt8>, mask: UInt32)
    -> [UInt8]
  {
    let payload = payload.prefix(125)
    let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (24 - 8 * UInt32($0))) }
    return [0x80 | opcode.rawValue, 0x80 | UInt8(payload.count)] + key
      + payload.enumerated().map { $1 ^ key[$0 % 4] }
  }
}
