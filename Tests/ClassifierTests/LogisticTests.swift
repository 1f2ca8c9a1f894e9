import Classifier
import Foundation
import Testing

struct LogisticTests {
  @Test func `the exponential is the C library's to 4e-16`() {
    for x in stride(from: -700.0, through: 700, by: 0.37) {
      let wanted = Foundation.exp(x)
      #expect(abs(Logistic.exp(x) - wanted) <= 4e-16 * wanted, "x \(x)")
    }
  }

  @Test func `the logarithm is the C library's to 4e-16`() {
    for x in stride(from: -600.0, through: 600, by: 0.61) {
      let value = Foundation.exp(x)
      let wanted = Foundation.log(value)
      #expect(abs(Logistic.log(value) - wanted) <= 4e-16 * max(abs(wanted), 1), "x \(x)")
    }
  }

  @Test func `ends of the number line are no surprise`() {
    #expect(Logistic.exp(-1000) == 0)
    #expect(Logistic.exp(1000) == .infinity)
    #expect(Logistic.exp(0) == 1)
    #expect(Logistic.log(1) == 0)
    #expect(Logistic.log(0) == -.infinity)
    #expect(Logistic.sigmoid(-1e300) == 0)
    #expect(Logistic.sigmoid(1e300) == 1)
    #expect(Logistic.sigmoid(0) == 0.5)
  }

  @Test func `large logits make probabilities and no NaN`() {
    #expect(Logistic.softmax([1e30, 0, -1e30]) == [1, 0, 0])
    #expect(Logistic.softmax([-1e30, -1e30]) == [0.5, 0.5])
    #expect(Logistic.crossEntropy(1e4, truth: false) == 1e4)
    #expect(Logistic.crossEntropy(1e4, truth: true) == 0)
    #expect(abs(Logistic.crossEntropy([0, 0], truth: 1) - 0.693_147_180_559_945_3) < 1e-15)
  }
}
