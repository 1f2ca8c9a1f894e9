internal import CKernels

/// How the elements of a product start, after a check that they start in one way only.
///
/// `bias` is the number of floats of the bias, nil without one; it must have one a column.
func productStart(bias: Int?, columns: Int, accumulate: Bool) -> elmond_start {
  precondition(bias == nil || !accumulate, "a product starts with a bias or with c, not both")
  if let bias { checkEqual("bias", bias, columns) }
  return accumulate
    ? elmond_start_accumulate : bias == nil ? elmond_start_zero : elmond_start_bias
}
