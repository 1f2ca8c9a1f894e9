package import Tweets

/// The rows of one data file, with what its specification says of them.
package struct LabelledFile: Sendable, Equatable {
  /// The name that reports show.
  package var name: String
  /// Its rows in file order.
  package var texts: [LabelledText]
  /// Records that could not be split.
  package var broken: Int
  /// Rows whose text is not there: `Not Available`, as downloaders write for tweets that are gone.
  package var unavailable: Int
  /// What labels of this file are read as, before what is said of all files.
  package var mapping: [String: Label]
  /// Labels of this file whose rows are dropped.
  package var drops: [String]
  /// How much each row counts.
  package var weight: Double

  /// A file from its parts.
  package init(
    name: String, texts: [LabelledText], broken: Int = 0, unavailable: Int = 0,
    mapping: [String: Label] = [:],
    drops: [String] = [], weight: Double = 1
  ) {
    precondition(weight > 0 && weight.isFinite, "a file's weight is above 0, not \(weight)")
    self.name = name
    self.texts = texts
    self.broken = broken
    self.unavailable = unavailable
    self.mapping = mapping
    self.drops = drops
    self.weight = weight
  }
}
