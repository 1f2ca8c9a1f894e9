import Foundation
import FoundationXML
import Testing
import Training

struct TrainingHistoryTests {
  private static func record(_ number: Int, of total: Int = 5) -> EpochRecord {
    let losses = [0.5981, 0.4512, 0.4103, 0.3801, 0.3612]
    let validation = [0.4903, 0.4488, 0.4391, 0.4410, 0.4467]
    return EpochRecord(
      number: number, total: total, rows: 8583, loss: losses[(number - 1) % 5],
      accuracy: 0.7801 + Double(number) * 0.021, validationLoss: validation[(number - 1) % 5],
      validationAccuracy: 0.8 + Double(number % 4) * 0.0043)
  }
  private static let history = TrainingHistory(epochs: (1...5).map { record($0) })

  @Test func `epochs read as in the article`() {
    #expect(
      TrainingHistory.opening(.lastRows(of: 10_729))
        == "Train on 8583 samples, validate on 2146 samples")
    #expect(Self.record(1).heading == "Epoch 1/5")
    #expect(
      Self.record(1).line(seconds: 2.7)
        == "8583/8583 [==============================] - 3s - loss: 0.5981 - acc: 0.8011 "
        + "- val_loss: 0.4903 - val_acc: 0.8043")
  }

  @Test func `the table has a line an epoch and empty fields for what is missing`() {
    var history = TrainingHistory(epochs: [Self.record(1), Self.record(2)])
    history.epochs[1].validationLoss = nil
    history.epochs[1].validationAccuracy = nil
    #expect(
      history.csv == """
        epoch,loss,accuracy,val_loss,val_accuracy
        1,0.598100,0.801100,0.490300,0.804300
        2,0.451200,0.822100,,

        """)
  }

  @Test func `the picture is the committed one`() throws {
    let svg = Self.history.svg
    #expect(try !Fixture.record(svg, "history.svg"), "recorded; look at it and run again")
    #expect(svg == (try Fixture.text("history.svg")))
  }

  private static let histories: [TrainingHistory] = [
    history, TrainingHistory(epochs: []), TrainingHistory(epochs: [record(1, of: 1)]),
    TrainingHistory(
      epochs: (1...120).map {
        EpochRecord(
          number: $0, total: 120, rows: 10, loss: 1e-9 / Double($0), accuracy: 1,
          validationLoss: $0 == 7 ? .nan : nil, validationAccuracy: nil)
      }),
  ]

  @Test(arguments: histories.indices)
  func `the picture is well-formed, whole in itself and free of NaN`(index: Int) {
    let svg = Self.histories[index].svg
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.components(separatedBy: "http").count == 2)  // the name space, no resource
    #expect(!svg.contains("href"))
  }
}
