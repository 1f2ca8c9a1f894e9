// Row operations that layers share; plain loops that the compiler vectorises, since the bounds are
// checked once for a whole row.

extension Array where Element: Real {
  /// Makes the array at least `count` long; new numbers are zero.
  mutating func grow(to count: Int) {
    if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
  }

  /// Sets the first `count` numbers.
  mutating func fill(_ count: Int, with value: Element) {
    var span = mutableSpan
    span.fill(0, count: count, with: value)
  }

  /// The numbers of a span.
  init(copying span: Span<Element>) {
    self.init(repeating: 0, count: span.count)
    var target = mutableSpan
    target.copy(span, at: 0)
  }
}

extension MutableSpan where Element: Real {
  /// The numbers of a range, to write while this span waits.
  @_lifetime(&self)
  mutating func part(_ range: Range<Int>) -> MutableSpan<Element> { _mutatingExtracting(range) }

  /// Runs `body` on `count` numbers from `start`, without further checks.
  private mutating func withRow(
    _ start: Int, count: Int, _ body: (UnsafeMutablePointer<Element>) -> Void
  ) {
    precondition(
      start >= 0 && count >= 0 && start + count <= self.count,
      "numbers \(start)..<\(start + count) of \(self.count)")
    guard count > 0 else { return }
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe body(base + start)
    }
  }

  /// Copies numbers to the place `start`.
  mutating func copy(_ source: Span<Element>, at start: Int) {
    unsafe source.withUnsafeBufferPointer { from in
      guard let from = from.baseAddress else { return }
      unsafe withRow(start, count: source.count) { to in
        unsafe to.update(from: from, count: source.count)
      }
    }
  }

  /// Sets `count` numbers from `start`.
  mutating func fill(_ start: Int, count: Int, with value: Element) {
    unsafe withRow(start, count: count) { unsafe $0.update(repeating: value, count: count) }
  }

  /// Copies one row into the first `rows` rows.
  mutating func repeatRow(_ row: Span<Element>, rows: Int) {
    for index in 0..<rows { copy(row, at: index * row.count) }
  }

  /// y = y + x, for the first numbers.
  mutating func add(_ x: Span<Element>) { add(x, at: 0) }

  /// y = y + x, from the place `start`.
  mutating func add(_ x: Span<Element>, at start: Int) {
    let count = x.count
    unsafe x.withUnsafeBufferPointer { from in
      guard let from = from.baseAddress else { return }
      unsafe withRow(start, count: count) { to in
        for index in 0..<count { unsafe to[index] += from[index] }
      }
    }
  }

  /// y = y * x, for the first numbers.
  mutating func multiply(by x: Span<Element>) {
    let count = x.count
    unsafe x.withUnsafeBufferPointer { from in
      guard let from = from.baseAddress else { return }
      unsafe withRow(0, count: count) { to in
        for index in 0..<count { unsafe to[index] *= from[index] }
      }
    }
  }

  /// y = y * factor.
  mutating func scale(by factor: Element) {
    let count = count
    unsafe withRow(0, count: count) { to in
      for index in 0..<count { unsafe to[index] *= factor }
    }
  }

  /// Adds some columns of a wider matrix to a tight one.
  mutating func addColumns(of x: Span<Element>, stride: Int, first: Int, columns: Int, rows: Int) {
    for row in 0..<rows {
      let from = row * stride + first
      add(x.extracting(from..<from + columns), at: row * columns)
    }
  }

  /// y = y + the sum of `rows` rows.
  mutating func addRows(of x: Span<Element>, rows: Int) {
    let columns = count
    for row in 0..<rows { add(x.extracting(row * columns..<(row + 1) * columns)) }
  }

  /// y = min(limit, max(-limit, y)).
  mutating func clamp(to limit: Element) {
    let count = count
    unsafe withRow(0, count: count) { to in
      for index in 0..<count { unsafe to[index] = min(limit, max(-limit, to[index])) }
    }
  }

  /// y = 0 wherever |x| ≥ limit.
  mutating func zeroWhere(_ x: Span<Element>, reaches limit: Element) {
    let count = x.count
    unsafe x.withUnsafeBufferPointer { from in
      guard let from = from.baseAddress else { return }
      unsafe withRow(0, count: count) { to in
        for index in 0..<count {
          unsafe to[index] = abs(from[index]) >= limit ? 0 : to[index]
        }
      }
    }
  }

  /// y = 0 wherever x ≤ 0.
  mutating func zeroWhereNotPositive(_ x: Span<Element>) {
    let count = x.count
    unsafe x.withUnsafeBufferPointer { from in
      guard let from = from.baseAddress else { return }
      unsafe withRow(0, count: count) { to in
        for index in 0..<count { unsafe to[index] = from[index] > 0 ? to[index] : 0 }
      }
    }
  }
}
