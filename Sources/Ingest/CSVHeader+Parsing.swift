import Tweets

extension CSVHeader {
  /// The header in the bytes of a record without its line end.
  init(line: ArraySlice<UInt8>) {
    let separator = CSVHeader.separator(of: line)
    var columns: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    for byte in line {
      if isQuoted {
        if byte == 0x22 { (isQuoted, wasQuoted) = (false, true) } else { field.append(byte) }
      } else if byte == 0x22, field.isEmpty || wasQuoted {
        if wasQuoted { field.append(byte) }  // a doubled mark
        isQuoted = true
      } else if byte == separator {
        columns.append(String(decoding: field, as: UTF8.self))
        field = []
        wasQuoted = false
      } else {
        field.append(byte)
      }
    }
    columns.append(String(decoding: field, as: UTF8.self))
    self.init(columns: columns, separator: separator)
  }

  /// Comma, semicolon or tab, whichever occurs most outside of quotations; comma when none does.
  static func separator(of line: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in line {
      if byte == 0x22 {
        isQuoted.toggle()
      } else if !isQuoted, byte == 0x2C || byte == 0x3B || byte == 0x09 {
        counts[byte, default: 0] += 1
      }
    }
    var best: UInt8 = 0x2C
    for candidate: UInt8 in [0x3B, 0x09]
    where counts[candidate, default: 0] > counts[best, default: 0] {
      best = candidate
    }
    return best
  }
}
