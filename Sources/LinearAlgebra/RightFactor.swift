private import CKernels

/// The right factor of products, packed again and again into memory that is allocated once.
package struct RightFactor: ~Copyable, Sendable {
  /// Columns of one panel; threads that share a product take whole panels each.
  package static let panelColumns = 32

  /// How many rows it has: the k of a product.
  package private(set) var rows = 0
  /// How many columns it has: the n of a product.
  package private(set) var columns = 0
  /// What its elements are rounded to.
  package private(set) var precision = ProductPrecision.fp32
  /// The path that it is packed for and that its products take.
  package private(set) var path = ProductPath.scalar

  private var words: AlignedBuffer

  /// Room for any factor that needs no more than one of [rows, columns] does.
  ///
  /// A factor takes rows times columns floats, columns rounded up to a multiple of 32.
  package init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a factor [\(rows), \(columns)], want none below 0")
    words = AlignedBuffer(count: Self.size(rows, columns))
  }

  /// How many panels there are.
  package var panels: Int { (columns + Self.panelColumns - 1) / Self.panelColumns }

  /// Packs b [rows, columns] from row-major values, or from those of its transpose
  /// [columns, rows]; `stride` counts floats between the rows in memory.
  ///
  /// Rounding to the precision happens here. A path of nil is the fastest one.
  package mutating func pack(
    _ values: Span<Float>, rows: Int, columns: Int, stride: Int, transposed: Bool = false,
    precision: ProductPrecision, on path: ProductPath? = nil
  ) {
    checkFactor(
      "b", holds: values.count, rows: rows, columns: columns, stride: stride,
      transposed: transposed)
    let size = Self.size(rows, columns)
    precondition(
      size <= words.count,
      "a factor [\(rows), \(columns)] takes \(size) floats, there is room for \(words.count)")
    let path = path ?? .best(for: precision)
    (self.rows, self.columns) = (rows, columns)
    (self.precision, self.path) = (precision, path)
    var target = words.mutableSpan
    unsafe values.withUnsafeBufferPointer { values in
      unsafe target.withUnsafeMutableBufferPointer { target in
        guard let values = values.baseAddress, let target = target.baseAddress else { return }
        let factor = unsafe elmond_factor(
          values: values, stride: Int64(stride), transposed: transposed)
        unsafe elmond_pack_right(
          path.path, precision.code, Int64(rows), Int64(columns), factor, target)
      }
    }
  }

  /// Lends the packed floats to a call to C.
  func withWords(_ body: (UnsafePointer<Float>) -> Void) { unsafe body(words.start) }

  private static func size(_ rows: Int, _ columns: Int) -> Int {
    Int(elmond_right_factor_size(Int64(rows), Int64(columns)))
  }
}
