import Testing
import Training

struct SeededGeneratorTests {
  @Test func `a seed gives the published sequence`() {
    // From the definition in Python integers, seed 1234567.
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 3_504_822_795_582_309_479)
    #expect(generator.next() == 1_819_558_768_956_484_042)
    #expect(generator.next() == 1_250_851_346_055_027_673)
  }

  @Test func `draws are even and in range`() {
    var generator = SeededGenerator(seed: 5)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[generator.draw(below: 7)] += 1 }
    #expect(counts.allSatisfy { (9_600...10_400).contains($0) }, "\(counts), seed 5")
  }

  @Test func `a shuffle keeps every element`() {
    var generator = SeededGenerator(seed: 6)
    var elements = Array(0..<500)
    generator.shuffle(&elements)
    #expect(elements != Array(0..<500))
    #expect(elements.sorted() == Array(0..<500))
  }
}
