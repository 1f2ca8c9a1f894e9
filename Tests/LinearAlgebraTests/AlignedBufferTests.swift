import Testing

import LinearAlgebra

struct AlignedBufferTests {
  @Test(arguments: [0, 1, 15, 16, 1000])
  func `a buffer begins on a cache line and holds zeros`(count: Int) {
    let buffer = AlignedBuffer(count: count)
    #expect(buffer.count == count && buffer.span.count == count)
    let address = unsafe buffer.span.withUnsafeBufferPointer {
      Int(bitPattern: $0.baseAddress)
    }
    #expect(address % 64 == 0)
    let sum = buffer.span.indices.reduce(Float(0)) { $0 + buffer[$1] }
    #expect(sum == 0)
  }

  @Test func `what is written through a range is read through the whole`() {
    var buffer = AlignedBuffer(count: 10)
    var part = buffer.mutableSpan(3..<6)
    for index in part.indices { part[index] = Float(index + 1) }
    buffer[9] = 7
    let all = (0..<10).map { buffer.span[$0] }
    #expect(all == [0, 0, 0, 1, 2, 3, 0, 0, 0, 7])
    #expect(buffer.span(4..<6)[1] == 3)
  }
}
