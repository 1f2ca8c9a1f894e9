import Testing

import LinearAlgebra

struct InstructionSetTests {
  @Test func `the scalar set runs everywhere and the best one is the last`() {
    #expect(InstructionSet.available.first == .scalar)
    #expect(InstructionSet.available.last == InstructionSet.best)
  }

  @Test func `the AVX-512 set comes with AVX2`() {
    let available = InstructionSet.available
    #expect(!available.contains(.avx512) || available.contains(.avx2))
  }
}
