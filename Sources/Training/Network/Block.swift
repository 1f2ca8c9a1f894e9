/// Numbers of a layer's workspace, on a cache line's boundary, that grow to the largest batch and stay.
///
/// A class, because a block is named from several places of a layer. Its spans are not checked against
/// each other at run time: a layer reads and writes different rows, or different blocks, at any one
/// moment, grows a block only before it lends it, and belongs to one thread during a phase. The
/// compiler takes a span for immortal, since it cannot follow one through a class; no span leaves the
/// method that asked for it, and the layer keeps its blocks for life.
@safe
package final class Block<R: Real>: @unchecked Sendable {
  private var base: UnsafeMutablePointer<R>
  private var capacity: Int
  /// How many numbers there are.
  package private(set) var count: Int

  /// An empty block, or one of `count` zeros.
  package init(count: Int = 0) {
    unsafe base = Self.allocate(count)
    capacity = count
    self.count = count
  }

  deinit { unsafe base.deallocate() }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<R> {
    let bytes = max(count, 1) * MemoryLayout<R>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    let base = unsafe raw.bindMemory(to: R.self, capacity: max(count, 1))
    unsafe base.initialize(repeating: 0, count: count)
    return unsafe base
  }

  /// Makes the block at least `count` long; what it held is lost when it grows.
  package func grow(to count: Int) {
    if count > capacity {
      unsafe base.deallocate()
      capacity = count + count / 8
      unsafe base = Self.allocate(capacity)
    }
    self.count = max(self.count, count)
  }

  /// Holds a copy of these numbers and no others.
  package func set(_ values: Span<R>) {
    grow(to: values.count)
    count = values.count
    var target = mutableSpan
    target.copy(values, at: 0)
  }

  /// Sets the first `count` numbers.
  package func fill(_ count: Int, with value: R) {
    var target = mutableSpan
    target.fill(0, count: count, with: value)
  }

  /// All numbers, to read.
  package var span: Span<R> {
    @_lifetime(immortal)
    get {
      let span = unsafe Span(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: ())
    }
  }

  /// The numbers of a range, to read.
  @_lifetime(immortal)
  package func span(_ range: Range<Int>) -> Span<R> {
    check(range)
    let span = unsafe Span(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: ())
  }

  /// All numbers, to read and write.
  package var mutableSpan: MutableSpan<R> {
    @_lifetime(immortal)
    get {
      let span = unsafe MutableSpan(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: ())
    }
  }

  /// The numbers of a range, to read and write.
  @_lifetime(immortal)
  package func mutableSpan(_ range: Range<Int>) -> MutableSpan<R> {
    check(range)
    let span = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: ())
  }

  /// The numbers as an array.
  package func array(_ count: Int) -> [R] {
    var result = [R](repeating: 0, count: count)
    var target = result.mutableSpan
    target.copy(span(0..<count), at: 0)
    return result
  }

  private func check(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "numbers \(range) of a block of \(count)")
  }
}
