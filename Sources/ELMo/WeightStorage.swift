/// How a weight file stores its numbers.
///
/// The numbers are Float again once they are read, whatever the storage.
package enum WeightStorage: String, Sendable, CaseIterable {
  /// Four bytes a number, exact.
  case float32 = "fp32"
  /// Two bytes a number, rounded to the nearest half-precision number, ties to even.
  case float16 = "fp16"
  /// One byte a number of the larger matrices, with one scale a column; the rest as `float16`.
  case int8

  /// Numbers from which a matrix is worth a table of scales.
  static let leastQuantised = 4096

  /// The kind of number that a tensor is stored in.
  func kind(of tensor: TensorRequirement) -> TensorKind {
    switch self {
    case .float32: .F32
    case .float16: .F16
    case .int8:
      tensor.shape.count >= 2 && tensor.count >= Self.leastQuantised ? .I8 : .F16
    }
  }
}
