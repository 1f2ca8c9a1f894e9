/// Floats on a cache line's boundary that one owner holds: a workspace, or packed weights.
@safe package struct AlignedBuffer: ~Copyable, @unchecked Sendable {
  // @unchecked: the pointer is owned alone, is written only through `mutating` access, and the
  // struct cannot be copied, so Swift's exclusivity rules guard it as they guard an array.
  private let base: UnsafeMutablePointer<Float>

  /// How many floats it holds.
  package let count: Int

  /// A buffer of `count` zeros.
  package init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) floats, want 0 or more")
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    unsafe base.initialize(repeating: 0, count: count)
    self.count = count
  }

  deinit { unsafe base.deallocate() }

  /// All floats, to read.
  package var span: Span<Float> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// All floats, to read and write.
  package var mutableSpan: MutableSpan<Float> {
    @_lifetime(&self)
    mutating get {
      let span = unsafe MutableSpan(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// The floats of a range, to read.
  @_lifetime(borrow self)
  package func span(_ range: Range<Int>) -> Span<Float> {
    check(range)
    let span = unsafe Span(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The floats of a range, to read and write.
  @_lifetime(&self)
  package mutating func mutableSpan(_ range: Range<Int>) -> MutableSpan<Float> {
    check(range)
    let span = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  /// The float at an index.
  package subscript(index: Int) -> Float {
    get {
      check(index..<index + 1)
      return unsafe base[index]
    }
    set {
      check(index..<index + 1)
      unsafe base[index] = newValue
    }
  }

  /// Where the floats begin, for a call to C that ends before the buffer does.
  @unsafe var start: UnsafePointer<Float> { unsafe UnsafePointer(base) }

  /// Where the floats begin, for a call to C that writes them and ends before the buffer does.
  @unsafe var mutableStart: UnsafeMutablePointer<Float> { mutating get { unsafe base } }

  private func check(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "floats \(range) of a buffer of \(count)")
  }
}
