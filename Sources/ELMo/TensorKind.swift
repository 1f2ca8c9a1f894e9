/// The kinds of number a safetensors file can hold.
enum TensorKind: String, Sendable {
  case BOOL, U8, I8, F8_E4M3, F8_E5M2, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64

  var size: Int {
    switch self {
    case .BOOL, .U8, .I8, .F8_E4M3, .F8_E5M2: 1
    case .I16, .U16, .F16, .BF16: 2
    case .I32, .U32, .F32: 4
    case .I64, .U64, .F64: 8
    }
  }

  /// Whether this program can read it as Float without knowing more.
  var isFloat: Bool { self == .F32 || self == .F16 || self == .BF16 }
}
