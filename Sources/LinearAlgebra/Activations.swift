private import CKernels

/// Activation functions in place, with the same bits on every instruction set.
package enum Activations {
  /// x = 1 / (1 + exp(-x)), at most 3 ulp off; 0 at -inf, 1 at +inf, NaN at NaN.
  package static func sigmoid(
    _ x: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    unsafe x.withUnsafeMutableBufferPointer {
      unsafe elmond_sigmoid(set.path, Int64($0.count), $0.baseAddress)
    }
  }

  /// x = tanh(x), at most 3 ulp off; -0 stays -0, ±1 at ±inf, NaN at NaN.
  package static func tanh(
    _ x: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    unsafe x.withUnsafeMutableBufferPointer {
      unsafe elmond_tanh(set.path, Int64($0.count), $0.baseAddress)
    }
  }

  /// x = max(0, x); NaN stays NaN.
  package static func relu(
    _ x: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    unsafe x.withUnsafeMutableBufferPointer {
      unsafe elmond_relu(set.path, Int64($0.count), $0.baseAddress)
    }
  }
}
