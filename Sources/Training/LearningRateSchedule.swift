import Foundation

/// The learning rate by step: a linear warm-up, a level stretch, then half a cosine down to a floor.
package struct LearningRateSchedule: Sendable, Equatable {
  /// The largest rate.
  package let peak: Float
  /// The rate of the last step.
  package let floor: Float
  /// Steps over which the rate grows.
  package let warmUpSteps: Int
  /// Steps of the run.
  package let totalSteps: Int
  /// The share of the steps after which the rate begins to fall; 0 for right after the warm-up.
  package let hold: Double

  /// A schedule from its parts.
  package init(peak: Float, floor: Float, warmUpSteps: Int, totalSteps: Int, hold: Double) {
    precondition(
      warmUpSteps >= 0 && totalSteps >= 0, "\(warmUpSteps) warm-up steps of \(totalSteps) steps")
    precondition((0...1).contains(hold), "a share to hold lies in 0 ... 1, not \(hold)")
    self.peak = peak
    self.floor = floor
    self.warmUpSteps = warmUpSteps
    self.totalSteps = totalSteps
    self.hold = hold
  }

  /// The rate of a step, from 0.
  package func rate(atStep step: Int) -> Float {
    if step < warmUpSteps { return peak * Float(step + 1) / Float(warmUpSteps) }
    let fall = max(warmUpSteps, Int((Double(totalSteps) * hold).rounded()))
    guard step >= fall, hold < 1 else { return peak }
    let span = totalSteps - 1 - fall
    let share = span > 0 ? min(1, Double(step - fall) / Double(span)) : 1
    return floor + (peak - floor) * Float((1 + cos(Double.pi * share)) / 2)
  }
}
