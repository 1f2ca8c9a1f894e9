package import ELMo

extension ModelBundle {
  /// Refuses a softmax or a vocabulary beside this bundle that cannot be used.
  package func checkSoftmax() throws { _ = try SoftmaxFile(bundle: self) }

  /// Writes the softmax and the vocabulary that stand beside this bundle, if any, into another bundle's
  /// directory, the softmax in another storage; whether there were any.
  @discardableResult
  package func copySoftmax(to directory: String, storage: WeightStorage) throws -> Bool {
    guard let file = try SoftmaxFile(bundle: self) else { return false }
    let words = Array(file.vocabulary.map { $0 + [0x0A] as [UInt8] }.joined())
    try SoftmaxFile.write(try file.weights, words: words, to: directory, storage: storage)
    return true
  }
}
