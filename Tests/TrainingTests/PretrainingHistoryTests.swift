import Foundation
import FoundationXML
import Testing
import Training

struct PretrainingHistoryTests {
  private static let history = PretrainingHistory(
    records: (1...30).map { number in
      let perplexity = number % 3 == 0 ? 150 + 20_000 / Double(number * number) : nil
      return PretrainingRecord(
        step: number * 100, tokens: number * 600_000, loss: 3.2 + 4 / Double(number),
        learningRate: 1e-3 / Double(number), tokensPerSecond: 12_345.67,
        perplexityForward: perplexity.map { $0 * 1.02 },
        perplexityBackward: perplexity.map { $0 * 0.9 }, perplexity: perplexity)
    })

  @Test func `the table has a line a record and empty fields for what was not measured`() {
    var history = Self.history
    history.records = Array(history.records[1...2])
    #expect(
      history.csv == """
        step,tokens,loss,learning_rate,tokens_per_second,perplexity_forward,perplexity_backward,perplexity
        200,1200000,5.200000,0.0005,12345.7,,,
        300,1800000,4.533333,0.000333333,12345.7,2419.6667,2135.0000,2372.2222

        """)
  }

  @Test func `a table that was written is read again`() throws {
    let csv = Self.history.csv
    let read = try #require(PretrainingHistory(csv: csv))
    #expect(read.csv == csv)
    #expect(read.records.count == 30)
    #expect(PretrainingHistory(csv: "epoch,loss\n1,2\n") == nil)
    #expect(PretrainingHistory(csv: csv + "1,2\n") == nil)
  }

  @Test func `the picture is the committed one`() throws {
    let svg = Self.history.svg
    #expect(
      try !Fixture.record(svg, "pretraining-history.svg"), "recorded; look at it and run again")
    #expect(svg == (try Fixture.text("pretraining-history.svg")))
  }

  private static let histories: [PretrainingHistory] = [
    history, PretrainingHistory(), PretrainingHistory(records: [history.records[2]]),
    PretrainingHistory(
      records: (1...5).map {
        PretrainingRecord(
          step: $0, tokens: $0, loss: $0 == 3 ? .nan : 1e-9, learningRate: 0, tokensPerSecond: 0,
          perplexityForward: .infinity, perplexityBackward: 0, perplexity: 1)
      }),
  ]

  @Test(arguments: histories.indices)
  func `the picture is well-formed, whole in itself and free of NaN`(index: Int) {
    let svg = Self.histories[index].svg
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(!svg.contains("http://www.w3.org/1999/xlink") && !svg.contains("url("))
  }
}
