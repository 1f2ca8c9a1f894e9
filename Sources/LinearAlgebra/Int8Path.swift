internal import CKernels

/// The paths of the eight-bit products, which all give the same bits.
package enum Int8Path: String, CaseIterable, Sendable {
  /// Plain C, for every processor.
  case scalar
  /// AVX2.
  case avx2
  /// AVX-512 with VNNI.
  case avx512VNNI

  /// The paths that this processor runs, the slowest first.
  package static let available: [Int8Path] = allCases.filter { elmond_int8_path_runs_here($0.path) }

  /// The fastest path that this processor runs.
  package static let best: Int8Path = available.last ?? .scalar

  /// The path's name among the kernels.
  var path: elmond_int8_path {
    switch self {
    case .scalar: elmond_int8_scalar
    case .avx2: elmond_int8_avx2
    case .avx512VNNI: elmond_int8_avx512_vnni
    }
  }
}
