/// How an input is read, whatever kind of source it is.
package struct IngestOptions: Sendable, Equatable {
  /// What the settings say of the format.
  package var format: InputFormat
  /// Limits of one record.
  package var frame: FrameLimits
  /// Limits of decompression.
  package var decompression: DecompressionLimits
  /// How long a file must be unchanged before its last line counts although no line end follows.
  package var settle: Duration

  /// Options from their parts.
  package init(
    format: InputFormat = .auto, frame: FrameLimits = FrameLimits(),
    decompression: DecompressionLimits = DecompressionLimits(), settle: Duration = .seconds(2)
  ) {
    self.format = format
    self.frame = frame
    self.decompression = decompression
    self.settle = settle
  }

  var settleNanoseconds: Int64 {
    let (seconds, attoseconds) = settle.components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
