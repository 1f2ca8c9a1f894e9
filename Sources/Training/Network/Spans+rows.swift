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

  /// y = y * factor.
  mutating func scale(by factor: Element) {
    let count = count
    unsafe withRow(0, count: count) { to in
      for index in 0..<count { unsafe to[index] *= factor }
    }
  }

  /// Copies rows, `stride` apart, to rows that are `ownStride` apart.
  mutating func copyRows(
    of x: Span<Element>, stride: Int, into ownStride: Int, columns: Int, rows: Int
  ) {
    unsafe withRows(of: x, stride: stride, into: ownStride, columns: columns, rows: rows) {
      from, to in
      unsafe to.update(from: from, count: columns)
    }
  }

  /// Adds rows, `stride` apart, to rows that are `ownStride` apart.
  mutating func addRows(
    of x: Span<Element>, stride: Int, into ownStride: Int, columns: Int, rows: Int
  ) {
    unsafe withRows(of: x, stride: stride, into: ownStride, columns: columns, rows: rows) {
      from, to in
      for index in 0..<columns { unsafe to[index] += from[index] }
    }
  }

  /// Runs `body` on each row of x and of this matrix, without further checks.
  private mutating func withRows(
    of x: Span<Element>, stride: Int, into ownStride: Int, columns: Int, rows: Int,
    _ body: (UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void
  ) {
    guard rows > 0, columns > 0 else { return }
    precondition(
      stride >= columns && x.count >= (rows - 1) * stride + columns,
      "\(x.count) numbers of [\(rows), \(columns)] with a stride of \(stride)")
    unsafe x.withUnsafeBufferPointer { from in
      guard let from = from.baseAddress else { return }
      unsafe withRow(0, count: (rows - 1) * ownStride + columns) { to in
        for row in 0..<rows { unsafe body(from + row * stride, to + row * ownStride) }
      }
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

  /// y [columns, rows] = y + the transpose of x [rows, columns].
  mutating func addTransposed(_ x: Span<Element>, rows: Int, columns: Int) {
    precondition(x.count >= rows * columns, "\(x.count) numbers of [\(rows), \(columns)]")
    let tile = 16  // of numbers that one line of the cache holds
    unsafe x.withUnsafeBufferPointer { from in
      unsafe withRow(0, count: rows * columns) { to in
        for first in stride(from: 0, to: columns, by: tile) {
          for row in 0..<rows {
            for column in first..<min(first + tile, columns) {
              unsafe to[column * rows + row] += from[row * columns + column]
            }
          }
        }
      }
    }
  }
}
