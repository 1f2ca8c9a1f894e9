private import COpenBLAS

/// The system's OpenBLAS, for training and comparison; its bits depend on processor and shape.
package enum OpenBLAS {
  /// c[m, n] = alpha * op(a) · op(b) + beta * c, row-major, with row strides in floats.
  ///
  /// op(a) is a [m, k], or the transpose of a [k, m]; op(b) is b [k, n], or the transpose of b [n, k].
  package static func gemm(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Float = 1,
    a: Span<Float>, aStride: Int, b: Span<Float>, bStride: Int, beta: Float = 0,
    c: inout MutableSpan<Float>, cStride: Int
  ) {
    let (aRows, aColumns) = transposeA ? (k, m) : (m, k)
    let (bRows, bColumns) = transposeB ? (n, k) : (k, n)
    checkBlock("a", holds: a.count, rows: aRows, columns: aColumns, stride: aStride)
    checkBlock("b", holds: b.count, rows: bRows, columns: bColumns, stride: bStride)
    checkBlock("c", holds: c.count, rows: m, columns: n, stride: cStride)
    // OpenBLAS prints an error and returns, with c untouched, when a stride is below the width.
    checkStride("a", aStride, columns: max(1, aColumns))
    checkStride("b", bStride, columns: max(1, bColumns))
    checkStride("c", cStride, columns: max(1, n))
    guard m > 0, n > 0 else { return }
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          unsafe cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha,
            a.baseAddress, blasint(aStride), b.baseAddress, blasint(bStride), beta, c.baseAddress,
            blasint(cStride))
        }
      }
    }
  }

  /// The processor that OpenBLAS took its kernels for, such as `SkylakeX`.
  package static var coreName: String { unsafe String(cString: openblas_get_corename()) }

  /// How many threads OpenBLAS uses.
  package static var threads: Int { Int(openblas_get_num_threads()) }

  /// Sets how many threads OpenBLAS uses, for the whole process.
  package static func setThreads(_ count: Int) {
    precondition(count >= 1, "\(count) threads, want 1 or more")
    openblas_set_num_threads(CInt(count))
  }
}
