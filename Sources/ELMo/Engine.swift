import LinearAlgebra

/// What the biLSTM's products are computed in; the token encoder, the cell's state and everything else
/// are in single precision always.
package enum Engine: String, Codable, Sendable, CaseIterable {
  /// Single precision.
  case fp32
  /// Both factors rounded to bfloat16, sums in single precision.
  case bf16
  /// Both factors in eight bits, with one scale a weight column and one a row of activations; sums exact.
  case int8

  /// The path that this processor takes: such as `avx2` or `avx512VNNI`.
  package var path: String {
    switch self {
    case .fp32: InstructionSet.best.rawValue
    case .bf16: ProductPath.best(for: .bf16).rawValue
    case .int8: Int8Path.best.rawValue
    }
  }
}
