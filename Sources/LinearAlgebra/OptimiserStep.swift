private import CKernels

/// One step of an optimiser over an array of weights, with the same bits on every instruction set.
package enum OptimiserStep {
  /// What a step of Adam is made with.
  package struct Adam: Sendable {
    /// The learning rate, corrected for the bias of young averages:
    /// rate * √(1 - beta2^t) / (1 - beta1^t).
    package var rate: Float
    /// How much of the mean of gradients is kept.
    package var beta1: Float
    /// How much of the mean of squared gradients is kept.
    package var beta2: Float
    /// Added to the root, against division by zero.
    package var epsilon: Float
    /// What gradients are multiplied by first: the clip of the global norm.
    package var scale: Float

    /// A step made with these.
    package init(
      rate: Float, beta1: Float = 0.9, beta2: Float = 0.99, epsilon: Float = 1e-8,
      scale: Float = 1
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.scale = scale
    }
  }

  /// Adam, s = scale * gradient: m = beta1 m + (1 - beta1) s, v = beta2 v + (1 - beta2) s²,
  /// w = w - rate * m / (√v + epsilon).
  package static func adam(
    _ step: Adam, gradient: Span<Float>, mean m: inout MutableSpan<Float>,
    square v: inout MutableSpan<Float>, weights w: inout MutableSpan<Float>,
    on set: InstructionSet = .best
  ) {
    checkEqual("gradient", gradient.count, w.count)
    checkEqual("mean", m.count, w.count)
    checkEqual("square", v.count, w.count)
    unsafe gradient.withUnsafeBufferPointer { gradient in
      unsafe m.withUnsafeMutableBufferPointer { m in
        unsafe v.withUnsafeMutableBufferPointer { v in
          unsafe w.withUnsafeMutableBufferPointer { w in
            let step = elmond_adam_step(
              rate: step.rate, beta1: step.beta1, beta2: step.beta2, epsilon: step.epsilon,
              scale: step.scale)
            unsafe elmond_adam(
              set.path, Int64(w.count), step, gradient.baseAddress, m.baseAddress, v.baseAddress,
              w.baseAddress)
          }
        }
      }
    }
  }

  /// Adagrad, s = scale * gradient: a = a + s², w = w - rate * s / √a. `sums` start above 0.
  package static func adagrad(
    rate: Float, scale: Float = 1, gradient: Span<Float>, sums a: inout MutableSpan<Float>,
    weights w: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    checkEqual("gradient", gradient.count, w.count)
    checkEqual("sums", a.count, w.count)
    unsafe gradient.withUnsafeBufferPointer { gradient in
      unsafe a.withUnsafeMutableBufferPointer { a in
        unsafe w.withUnsafeMutableBufferPointer { w in
          unsafe elmond_adagrad(
            set.path, Int64(w.count), rate, scale, gradient.baseAddress, a.baseAddress,
            w.baseAddress)
        }
      }
    }
  }
}
