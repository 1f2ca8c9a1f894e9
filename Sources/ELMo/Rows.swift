/// A block of floats of a workspace, on a cache line's boundary, allocated once.
///
/// A class, because a block is named from several places of a workspace. Its spans are not checked
/// against each other at run time: the forward pass reads and writes different rows, or different
/// blocks, at any one moment, and each block belongs to one thread while a batch runs.
@safe
final class Rows {
  private let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    unsafe base.initialize(repeating: 0, count: count)
    self.count = count
  }

  deinit { unsafe base.deallocate() }

  /// The floats of a range, to read.
  @_lifetime(borrow self)
  func span(_ range: Range<Int>) -> Span<Float> {
    check(range)
    let span = unsafe Span(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The floats of a range, to read and write.
  @_lifetime(borrow self)
  func mutableSpan(_ range: Range<Int>) -> MutableSpan<Float> {
    check(range)
    let span = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  static func copy(_ source: Span<Float>, into target: inout MutableSpan<Float>) {
    precondition(
      source.count == target.count, "\(source.count) numbers into a row of \(target.count)")
    // The counts agree, so every index is inside both.
    for index in source.indices {
      unsafe target[unchecked: index] = source[unchecked: index]
    }
  }

  private func check(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "floats \(range) of a block of \(count)")
  }
}
