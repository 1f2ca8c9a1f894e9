import ELMo
import Foundation

/// The language-model head that stands beside a bundle: `softmax.safetensors` and `vocabulary.txt`.
struct SoftmaxFile {
  private static let file = "softmax.safetensors"
  private static let vocabularyFile = "vocabulary.txt"

  private let tensors: TensorFile
  private let words: [[UInt8]]

  /// The head of a bundle; nil when the bundle has none.
  init?(bundle: ModelBundle) throws {
    let path = "\(bundle.directory)/\(Self.file)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    tensors = try TensorFile(path)
    let text = try Data(
      contentsOf: URL(fileURLWithPath: "\(bundle.directory)/\(Self.vocabularyFile)"))
    words = Vocabulary.tokens(in: Array(text))
    guard words.count > 3, words.prefix(3).elementsEqual(TypeTable.specials.prefix(3)) else {
      throw PretrainingError.vocabulary(file: "\(bundle.directory)/\(Self.vocabularyFile)")
    }
    let d = bundle.manifest.elmo.projectionSize
    try tensors.check(TensorRequirement("softmax/W", [words.count, d]))
    try tensors.check(TensorRequirement("softmax/b", [words.count]))
    for name in ["softmax/W", "softmax/b"] { try tensors.checkFinite(name) }
  }

  /// The words in their order.
  var vocabulary: [[UInt8]] { words }

  /// The head as it stands.
  var weights: SoftmaxWeights<Float> {
    get throws {
      let weights = try tensors.floats(of: "softmax/W")
      return SoftmaxWeights(
        size: words.count, d: weights.count / words.count, weights: weights,
        bias: try tensors.floats(of: "softmax/b"))
    }
  }

  /// Puts the known words' numbers in their new places; words it does not know keep theirs.
  func fill(_ softmax: inout SoftmaxWeights<Float>, types: TypeTable) throws {
    let weights = try tensors.floats(of: "softmax/W")
    let bias = try tensors.floats(of: "softmax/b")
    let d = softmax.d
    var places: [[UInt8]: Int] = [:]
    for (place, word) in words.enumerated() { places[word] = place }
    for id in 0..<softmax.size {
      let word = id < 3 ? TypeTable.specials[id] : Array(types.bytes(of: Int32(id)))
      // The three specials stand first; a word that reads like one is another.
      guard let place = id < 3 ? id : places[word] else { continue }
      softmax.weights.replaceSubrange(
        id * d..<(id + 1) * d, with: weights[place * d..<(place + 1) * d])
      softmax.bias[id] = bias[place]
    }
  }

  /// Writes a head into a bundle's directory.
  static func write(
    _ softmax: SoftmaxWeights<Float>, words: [UInt8], to directory: String, storage: WeightStorage
  ) throws {
    try TensorWriter.write(
      [
        ("softmax/W", [softmax.size, softmax.d], softmax.weights),
        ("softmax/b", [softmax.size], softmax.bias),
      ], to: "\(directory)/\(file)", storage: storage)
    try Data(words).write(
      to: URL(fileURLWithPath: "\(directory)/\(vocabularyFile)"), options: .atomic)
  }
}
