import Foundation

/// One step of a linear head's training.
package struct LinearStep: Sendable, Equatable {
  /// The number of the step, from 1.
  package let number: Int
  /// The mean loss over the rows' weights after the step, penalty included.
  package let loss: Double
  /// The largest number of the mean loss's gradient; training is done when it is small.
  package let largestSlope: Double

  /// `step 12 - loss: 0.6012 - slope: 3.1e-05`.
  package var line: String {
    String(format: "step %d - loss: %.5f - slope: %.1e", number, loss, largestSlope)
  }
}
