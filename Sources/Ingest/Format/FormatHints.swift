/// What is known of an input before its bytes are looked at.
package struct FormatHints: Sendable, Equatable {
  /// What the settings say of the format.
  package var format: InputFormat
  /// What the settings say of the heading of a table; nil where its bytes are to tell.
  package var hasHeading: Bool?
  /// Columns that the settings name: a table whose heading has one of them is a table.
  package var columns: [String]
  /// What the file's name says; it decides only what the bytes leave open.
  package var name: InputFormat?

  /// Hints from their parts.
  package init(
    format: InputFormat = .auto, hasHeading: Bool? = nil, columns: [String] = [],
    name: InputFormat? = nil
  ) {
    self.format = format
    self.hasHeading = hasHeading
    self.columns = columns
    self.name = name
  }
}
