/// What a corpus was made of.
package struct CorpusFacts: Sendable, Equatable {
  /// Lines that were left out before all others were counted: their text stands in a file that is to
  /// stay unseen.
  package var excluded = 0
  /// Lines that were given, without the excluded ones.
  package var lines = 0
  /// Lines without a token, skipped.
  package var empty = 0
  /// Lines that repeat an earlier one, skipped.
  package var repeated = 0
  /// Lines with more tokens than are kept of a sentence.
  package var cut = 0
  /// The tokens that were cut off.
  package var tokensCut = 0
  /// A hash of all kept lines in their order.
  package var digest: UInt64 = 0

  /// The facts of no text.
  package init() {}
}
