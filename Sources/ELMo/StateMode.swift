/// Where a sentence's LSTM state starts (ELMO.md 4.1).
package enum StateMode: String, Codable, Sendable {
  /// At zero: a sentence's answer depends on nothing but the sentence.
  case zero
  /// At the state a fixed priming text leaves, the same for every sentence.
  case warm
  /// At the last state of the same row of the batch, as the references do.
  case carry
}
