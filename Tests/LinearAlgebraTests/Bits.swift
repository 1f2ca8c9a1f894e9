/// The bits of floats, every NaN made the same: what all instruction sets must agree on.
func bits(_ x: [Float]) -> [UInt32] {
  x.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
}

/// What stands between rows and after the end of an output, to be found again afterwards.
let guardFloat = Float(bitPattern: 0x7fc0_1234)

/// How many floats beyond the end every output has.
let guardCount = 40

/// True when every float of a range still has the guard's very bits.
func isUntouched(_ x: ArraySlice<Float>) -> Bool {
  x.allSatisfy { $0.bitPattern == guardFloat.bitPattern }
}

/// Numbers where kernels go wrong: signed zeros, denormals, limits, infinities, NaN.
let oddities: [Float] = [
  0, -0.0, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, Float(bitPattern: 0x1234),
  Float(bitPattern: 0x8000_1234),
  .leastNormalMagnitude, -.leastNormalMagnitude, 0.5, 0.625, 0.62499994, -0.625, 3, -3, 9, -9, 17,
  -17, 87.5, -87.5, 88.8, -88.8, 103.9, -103.9, 104, -104, 105, -105, 1e10, -1e10,
  .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity, .nan, -.nan,
]
