import Classifier
import Foundation
import Testing

struct CoHeadFeaturesTests {
  private struct Case: Decodable {
    var bits: Int
    var idf: String
    var text: String
    var buckets: [Int32]
    var values: [Float]
  }

  private static func cases() throws -> [Case] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/cohead.json")))
  }

  @Test func `the features are those of the Python script`() throws {
    let cases = try Self.cases()
    #expect(cases.count == 30)
    for example in cases {
      let idf = example.idf == "none" ? nil : (0..<1 << example.bits).map { Float($0 % 3) / 2 }
      var features = CoHeadFeatures(bits: example.bits, idf: idf)
      let found = features(example.text)
      #expect(found.map(\.bucket) == example.buckets, "\(example.bits) \(example.text.prefix(40))")
      for (own, wanted) in zip(found, example.values) {
        // The file keeps nine decimals; a value is rounded to float32 once or twice.
        #expect(abs(own.value - wanted) <= 2e-7, "\(example.text.prefix(40)) \(own)")
      }
    }
  }

  @Test func `a text has the same features whatever was read before`() throws {
    let texts = try Self.cases().map(\.text)
    var used = CoHeadFeatures(bits: 14)
    for text in texts + texts.reversed() {
      var fresh = CoHeadFeatures(bits: 14)
      let wanted = fresh(text)
      let found = used(text)
      #expect(found.elementsEqual(wanted) { $0 == $1 })
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.bucket < $1.bucket })
    }
  }

  @Test func `case does not count, kinds are normalised one by one`() {
    var features = CoHeadFeatures(bits: 20)
    let lower = features("übel , good times")
    let upper = features("ÜBEL , Good TIMES")
    #expect(lower.elementsEqual(upper) { $0 == $1 })
    // Two blocks of norm 1 whose buckets differ.
    let squares = lower.reduce(0) { $0 + Double($1.value) * Double($1.value) }
    #expect(abs(squares - 2) < 1e-6)
  }

  @Test func `nothing in, nothing out`() {
    var features = CoHeadFeatures(bits: 10)
    #expect(features("").isEmpty && features("   ").isEmpty)
    var silent = CoHeadFeatures(bits: 10, idf: Array(repeating: 0, count: 1024))
    #expect(silent("every bucket is left out").isEmpty)
  }

  @Test func `hostile text stays within bounds`() {
    var features = CoHeadFeatures(bits: 24)
    let word = String(repeating: "ﷺ𝄞é", count: 200_000)
    #expect(features(word).count <= 2 * 1 + 4 * 66)
    let endless = (0..<100_000).map { "w\($0)" }.joined(separator: " ")
    let first = (0..<CoHeadFeatures.tokenLimit).map { "w\($0)" }.joined(separator: " ")
    #expect(features(endless).elementsEqual(features(first)) { $0 == $1 })
    let blanks = String(repeating: " ", count: 1_000_000) + "end"
    #expect(features(blanks).elementsEqual(features("end")) { $0 == $1 })
  }
}
