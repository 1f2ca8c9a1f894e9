/// How a weight file stores its numbers.
///
/// The numbers are Float again once they are read, whatever the storage.
package enum WeightStorage: String, Sendable, CaseIterable {
  /// Four bytes a number, exact.
  case float32 = "fp32"
  /// Two bytes a number, rounded to the nearest half-precision number, ties to even.
  case float16 = "fp16"
  /// Two bytes a number of matrices, rounded to bfloat16, ties to even; vectors as `float32`.
  case bfloat16 = "bf16"
  /// One byte a number of the larger matrices, with one scale a column; the rest as `float16`.
  case int8

  /// Numbers from which a matrix is worth a table of scales.
  static let leastQuantised = 4096

  /// The engine that multiplies with numbers as they are stored; nil for single precision.
  var engine: Engine? {
    switch self {
    case .float32, .float16: nil
    case .bfloat16: .bf16
    case .int8: .int8
    }
  }

  /// The kind of number that a tensor is stored in.
  func kind(of tensor: TensorRequirement) -> TensorKind {
    switch self {
    case .float32: .F32
    case .float16: .F16
    case .bfloat16: tensor.shape.count >= 2 ? .BF16 : .F32
    case .int8:
      tensor.shape.count >= 2 && tensor.count >= Self.leastQuantised ? .I8 : .F16
    }
  }
}
