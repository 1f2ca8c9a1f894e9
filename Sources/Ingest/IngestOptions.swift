/// How an input is read, whatever kind of source it is.
package struct IngestOptions: Sendable, Equatable {
  /// What the settings say of the format.
  package var format: InputFormat
  /// What the settings say of the encoding; nil where the bytes are to tell.
  package var encoding: TextEncoding?
  /// What the settings say of the heading of a table; nil where the bytes are to tell.
  package var hasHeading: Bool?
  /// Columns that the settings name.
  package var columns: [String]
  /// Limits of one record.
  package var frame: FrameLimits
  /// Limits of decompression.
  package var decompression: DecompressionLimits
  /// How long a file must be unchanged before its last line counts although no line end follows.
  package var settle: Duration
  /// True when the file was found in a directory, not named by the user: text without tweets is left unread.
  package var isOneOfMany = false

  /// Options from their parts.
  package init(
    format: InputFormat = .auto, encoding: TextEncoding? = nil, hasHeading: Bool? = nil,
    columns: [String] = [], frame: FrameLimits = FrameLimits(),
    decompression: DecompressionLimits = DecompressionLimits(), settle: Duration = .seconds(2)
  ) {
    self.format = format
    self.encoding = encoding
    self.hasHeading = hasHeading
    self.columns = columns
    self.frame = frame
    self.decompression = decompression
    self.settle = settle
  }

  /// What is known of a file of that name before its bytes are looked at.
  package func hints(named fileName: String?) -> FormatHints {
    FormatHints(
      format: format, hasHeading: hasHeading, columns: columns,
      name: fileName.flatMap { InputFormat.hint(fileName: $0) })
  }

  var settleNanoseconds: Int64 {
    let (seconds, attoseconds) = settle.components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
