/// Why an import ended, with the exit code of `sysexits.h` it ends with.
enum ImportError: Error, CustomStringConvertible {
  case usage(String)
  case badData(String)
  case missingInput(String)
  case cannotCreate(String)

  var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .badData: 65
    case .missingInput: 66
    case .cannotCreate: 73
    }
  }

  var description: String {
    switch self {
    case .usage(let text), .badData(let text), .missingInput(let text), .cannotCreate(let text):
      text
    }
  }
}
