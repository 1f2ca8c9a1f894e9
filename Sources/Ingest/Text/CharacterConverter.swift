import Glibc

/// iconv of libc, from one encoding to UTF-8.
// Unchecked: the handle has one owner, which moves with it, and is touched by no other.
@safe
struct CharacterConverter: ~Copyable, @unchecked Sendable {
  private let handle: iconv_t
  private var held: [UInt8] = []  // the beginning of a character whose rest has not come
  private let unitSize: Int

  /// A converter; nil when libc does not know the encoding.
  init?(from name: String, unitSize: Int = 1) {
    let opened = unsafe iconv_open("UTF-8", name)
    // iconv_open(3) gives (iconv_t) -1 for an error.
    guard let opened = unsafe opened, Int(bitPattern: opened) != -1 else { return nil }
    unsafe handle = opened
    self.unitSize = unitSize
  }

  deinit { unsafe iconv_close(handle) }

  /// Converts what follows the bytes given before; an invalid unit becomes U+FFFD and is counted.
  /// `holdsBytes`: the beginning of a character waits for its rest.
  mutating func convert(
    _ bytes: ArraySlice<UInt8>, atEnd: Bool, holdsBytes: inout Bool, replaced: inout Int
  ) -> [UInt8] {
    var input = held + bytes
    held = []
    var output: [UInt8] = []
    // One unit of any encoding becomes three bytes of UTF-8 at most, one of four bytes becomes four.
    var room = [UInt8](repeating: 0, count: 3 * input.count + 16)
    var start = 0
    while start < input.count {
      var produced = 0
      let code = run(&input, &start, &room, &produced)
      output.append(contentsOf: room[..<produced])
      if code == 0 { continue }
      if code == EINVAL, !atEnd {
        held = Array(input[start...])
        break
      }
      if code == E2BIG { continue }
      output.append(contentsOf: [0xEF, 0xBF, 0xBD])
      replaced += 1
      start = min(input.count, start + unitSize)
    }
    holdsBytes = !held.isEmpty
    return output
  }

  /// One call of iconv; 0 or the error.
  private func run(
    _ input: inout [UInt8], _ start: inout Int, _ room: inout [UInt8], _ produced: inout Int
  ) -> Int32 {
    let from = start
    var inputLeft = input.count - from
    var outputLeft = room.count
    var code: Int32 = 0
    unsafe input.withUnsafeMutableBytes { source in
      unsafe room.withUnsafeMutableBytes { target in
        var next = unsafe source.baseAddress?.advanced(by: from)
          .assumingMemoryBound(to: CChar.self)
        var free = unsafe target.baseAddress?.assumingMemoryBound(to: CChar.self)
        if unsafe iconv(handle, &next, &inputLeft, &free, &outputLeft) == -1 {
          code = errno
        }
      }
    }
    start = input.count - inputLeft
    produced = room.count - outputLeft
    return code
  }
}
