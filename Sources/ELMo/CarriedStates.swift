/// The LSTM states that rows of batches left behind (mode `carry`), and the one of mode `warm`.
///
/// Row k of the next call starts where row k ended; a row that is not used, or holds an empty
/// sentence, keeps its state; a new row starts at zero.
package struct CarriedStates: Sendable, Equatable {
  var rows: [[Float]] = []  // a row: directions, layers, h [D] then c [H]; empty for zero

  /// No row has a state.
  package init() {}

  /// How many rows have been used.
  package var count: Int { rows.count }
}
