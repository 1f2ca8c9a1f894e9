/// What one call of a decompressor did.
struct DecoderStep {
  var consumed: Int
  var produced: Int
  /// A member (gzip), stream (bzip2, xz) or frame (zstd) is complete.
  var endsMember = false
  /// What the library said was wrong; the bytes produced before it are good.
  var failure: String?
}
