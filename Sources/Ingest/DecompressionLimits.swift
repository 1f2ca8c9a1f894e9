/// What decompression may cost.
package struct DecompressionLimits: Sendable, Equatable {
  /// Most decompressed bytes for each compressed one.
  package var ratio: Int64
  /// Decompressed bytes below which the ratio is not looked at.
  package var ratioFloor: Int64
  /// Most decompressed bytes of one file.
  package var total: Int64

  /// Limits from their parts; the defaults are those of the settings.
  package init(ratio: Int64 = 200, ratioFloor: Int64 = 1 << 20, total: Int64 = 1 << 38) {
    self.ratio = ratio
    self.ratioFloor = ratioFloor
    self.total = total
  }
}
