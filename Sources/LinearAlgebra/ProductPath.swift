internal import CKernels

/// The paths of the products for training, which all give the same bits.
///
/// One exception: the AVX512_BF16 path sets a sum below the smallest normal number to zero.
package enum ProductPath: String, CaseIterable, Sendable {
  /// Plain C, for every processor.
  case scalar
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512
  /// AVX-512 with AVX512_BF16, for bf16 alone.
  case avx512BF16

  /// The paths that this processor runs in a precision, the slowest first.
  package static func available(for precision: ProductPrecision) -> [ProductPath] {
    allCases.filter { elmond_product_path_runs_here($0.path, precision.code) }
  }

  /// The fastest path that this processor runs in a precision.
  package static func best(for precision: ProductPrecision) -> ProductPath {
    switch precision {
    case .fp32: bestForFP32
    case .bf16: bestForBF16
    }
  }

  private static let bestForFP32 = available(for: .fp32).last ?? .scalar
  private static let bestForBF16 = available(for: .bf16).last ?? .scalar

  /// The path's name among the kernels.
  var path: elmond_product_path {
    switch self {
    case .scalar: elmond_product_scalar
    case .avx2: elmond_product_avx2
    case .avx512: elmond_product_avx512
    case .avx512BF16: elmond_product_avx512_bf16
    }
  }
}

extension ProductPrecision {
  /// The precision's name among the kernels.
  var code: elmond_precision {
    switch self {
    case .fp32: elmond_fp32
    case .bf16: elmond_bf16
    }
  }
}
