internal import CKernels

/// The instruction sets that the kernels are written for; all give the same bits.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// Plain C, for every processor.
  case scalar
  /// AVX2 and FMA: eight floats at a time.
  case avx2
  /// AVX-512 F, BW, DQ and VL: sixteen floats at a time.
  case avx512

  /// The sets that this processor runs, the slowest first.
  package static let available: [InstructionSet] = allCases.filter {
    elmond_path_runs_here($0.path)
  }

  /// The fastest set that this processor runs.
  package static let best: InstructionSet = available.last ?? .scalar

  /// The set's name among the kernels.
  var path: elmond_path {
    switch self {
    case .scalar: elmond_scalar
    case .avx2: elmond_avx2
    case .avx512: elmond_avx512
    }
  }
}
