private import CKernels

/// What a thread needs to multiply: the packed part of its left factor. It grows on demand to at
/// most 448 KiB, and with fresh products to 512 KiB more.
package struct ProductScratch: ~Copyable, Sendable {
  private var left = AlignedBuffer(count: 0)
  private var right = AlignedBuffer(count: 0)

  /// Scratch without memory yet.
  package init() {}

  /// Lends room for the left factor of a product of `m` rows.
  mutating func withLeft(rows m: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    let wanted = Int(elmond_left_scratch_size(Int64(m)))
    if left.count < wanted { left = AlignedBuffer(count: wanted) }
    unsafe body(left.mutableStart)
  }

  /// Lends room for both factors of a product [m, n].
  mutating func withBoth(
    rows m: Int, columns n: Int,
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let wanted = Int(elmond_right_scratch_size(Int64(n)))
    if right.count < wanted { right = AlignedBuffer(count: wanted) }
    let rightStart = unsafe right.mutableStart
    unsafe withLeft(rows: m) { unsafe body($0, rightStart) }
  }
}
