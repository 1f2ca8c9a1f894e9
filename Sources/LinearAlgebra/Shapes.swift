/// Stops when a row-major block [rows, columns] with a row stride does not lie within `count` floats.
func checkBlock(_ name: StaticString, holds count: Int, rows: Int, columns: Int, stride: Int) {
  precondition(
    rows >= 0 && columns >= 0 && stride >= 0,
    "\(name): [\(rows), \(columns)] with a stride of \(stride), want none below 0")
  let wanted = rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns
  precondition(count >= wanted, "\(name): \(count) floats, want \(wanted)")
}

/// Stops when rows that are written would overlap.
func checkStride(_ name: StaticString, _ stride: Int, columns: Int) {
  precondition(stride >= columns, "\(name): a stride of \(stride) for \(columns) columns")
}

/// Stops when two vectors differ in length.
func checkEqual(_ name: StaticString, _ count: Int, _ wanted: Int) {
  precondition(count == wanted, "\(name): \(count) floats, want \(wanted)")
}

/// Stops when a factor [rows, columns], or its transpose, does not lie within `count` floats.
func checkFactor(
  _ name: StaticString, holds count: Int, rows: Int, columns: Int, stride: Int, transposed: Bool
) {
  let (inner, outer) = transposed ? (columns, rows) : (rows, columns)
  checkBlock(name, holds: count, rows: inner, columns: outer, stride: stride)
}
