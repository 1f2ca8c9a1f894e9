private import CKernels

/// Operations on whole vectors, with the same bits on every instruction set.
package enum Vector {
  /// y = y + x.
  package static func add(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    checkEqual("x", x.count, y.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe elmond_add(set.path, Int64(y.count), x.baseAddress, y.baseAddress)
      }
    }
  }

  /// y = y * x, element by element.
  package static func multiply(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    checkEqual("x", x.count, y.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe elmond_multiply(set.path, Int64(y.count), x.baseAddress, y.baseAddress)
      }
    }
  }

  /// y = y * factor.
  package static func scale(
    _ y: inout MutableSpan<Float>, by factor: Float, on set: InstructionSet = .best
  ) {
    unsafe y.withUnsafeMutableBufferPointer {
      unsafe elmond_scale(set.path, Int64($0.count), factor, $0.baseAddress)
    }
  }

  /// y = y + factor * x, fused.
  package static func axpy(
    _ factor: Float, _ x: Span<Float>, into y: inout MutableSpan<Float>,
    on set: InstructionSet = .best
  ) {
    checkEqual("x", x.count, y.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe elmond_axpy(set.path, Int64(y.count), factor, x.baseAddress, y.baseAddress)
      }
    }
  }

  /// Bounds every element to -limit … limit; NaN stays NaN.
  package static func clip(
    _ y: inout MutableSpan<Float>, limit: Float, on set: InstructionSet = .best
  ) {
    precondition(limit >= 0, "a clip of \(limit), want 0 or more")
    unsafe y.withUnsafeMutableBufferPointer {
      unsafe elmond_clip(set.path, Int64($0.count), limit, $0.baseAddress)
    }
  }

  /// h = gate * transformed + (1 - gate) * h: what a highway layer makes of its activated halves.
  package static func highway(
    gate: Span<Float>, transformed: Span<Float>, into h: inout MutableSpan<Float>,
    on set: InstructionSet = .best
  ) {
    checkEqual("gate", gate.count, h.count)
    checkEqual("transformed", transformed.count, h.count)
    unsafe gate.withUnsafeBufferPointer { gate in
      unsafe transformed.withUnsafeBufferPointer { transformed in
        unsafe h.withUnsafeMutableBufferPointer { h in
          unsafe elmond_highway(
            set.path, Int64(h.count), gate.baseAddress, transformed.baseAddress, h.baseAddress)
        }
      }
    }
  }

  /// The inner product, summed in sixteen lanes that are folded by halves.
  package static func dot(
    _ x: Span<Float>, _ y: Span<Float>, on set: InstructionSet = .best
  ) -> Float {
    checkEqual("y", y.count, x.count)
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe elmond_dot(set.path, Int64(x.count), x.baseAddress, y.baseAddress)
      }
    }
  }
}
