private import CKernels

/// Convolutions over the windows of a token, pooled by their maximum, beside the products that make
/// the scores; the same bits on every instruction set.
package enum Convolution {
  /// best = bias + the greatest of each column of `scores` [windows, columns], and the first window
  /// that has it; a NaN is passed over unless it comes first.
  ///
  /// `best`, `winners` and `bias` are [columns]; there is at least one window.
  package static func maximum(
    of scores: Span<Float>, windows: Int, bias: Span<Float>, into best: inout MutableSpan<Float>,
    winners: inout MutableSpan<Int32>, on set: InstructionSet = .best
  ) {
    let columns = bias.count
    precondition(windows >= 1, "the maximum of \(windows) windows, want 1 or more")
    checkBlock("scores", holds: scores.count, rows: windows, columns: columns, stride: columns)
    checkEqual("best", best.count, columns)
    checkEqual("winners", winners.count, columns)
    guard columns > 0 else { return }
    unsafe scores.withUnsafeBufferPointer { scores in
      unsafe bias.withUnsafeBufferPointer { bias in
        unsafe best.withUnsafeMutableBufferPointer { best in
          unsafe winners.withUnsafeMutableBufferPointer { winners in
            unsafe elmond_window_maximum(
              set.path, Int64(windows), Int64(columns), scores.baseAddress, bias.baseAddress,
              best.baseAddress, winners.baseAddress)
          }
        }
      }
    }
  }

  /// The way back from the maxima of one token to its input and the kernel.
  ///
  /// Channel c saw a row of floats, as long as its kernel's, of `input` from winners[c] * step on.
  /// `dy`, `winners` and `dBias` are [channels], `kernel` and `dKernel` [channels, span], `dInput` is
  /// as long as `input`; what is written is added to.
  package static func backward(
    _ dy: Span<Float>, winners: Span<Int32>, step: Int, input: Span<Float>, kernel: Span<Float>,
    dInput: inout MutableSpan<Float>, dKernel: inout MutableSpan<Float>,
    dBias: inout MutableSpan<Float>, on set: InstructionSet = .best
  ) {
    let channels = dy.count
    guard channels > 0 else { return }
    let span = kernel.count / channels
    checkEqual("winners", winners.count, channels)
    checkEqual("gradient of bias", dBias.count, channels)
    checkEqual("kernel", kernel.count, channels * span)
    checkEqual("gradient of kernel", dKernel.count, channels * span)
    checkEqual("gradient of input", dInput.count, input.count)
    for channel in winners.indices {
      let first = Int(winners[channel]) * step
      precondition(
        first >= 0 && first + span <= input.count,
        "floats \(first)..<\(first + span) of \(input.count)")
    }
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe winners.withUnsafeBufferPointer { winners in
        unsafe input.withUnsafeBufferPointer { input in
          unsafe kernel.withUnsafeBufferPointer { kernel in
            unsafe dInput.withUnsafeMutableBufferPointer { dInput in
              unsafe dKernel.withUnsafeMutableBufferPointer { dKernel in
                unsafe dBias.withUnsafeMutableBufferPointer { dBias in
                  unsafe elmond_convolution_backward(
                    set.path, Int64(channels), Int64(span), Int64(step), dy.baseAddress,
                    winners.baseAddress, input.baseAddress, kernel.baseAddress,
                    dInput.baseAddress, dKernel.baseAddress, dBias.baseAddress)
                }
              }
            }
          }
        }
      }
    }
  }
}
