/// Why a model, its options or one of its files was refused.
package enum ModelError: Error, Equatable {
  /// The options describe no network this program can compute.
  case options(String)
  /// model.json cannot be used.
  case manifest(file: String, cause: String)
  /// model.json was written by another version of the format.
  case formatVersion(file: String, wanted: Int, found: Int)
  /// A tensor the options ask for is not there.
  case missingTensor(name: String, wanted: [Int])
  /// A tensor has another shape than the options ask for.
  case tensorShape(name: String, wanted: [Int], found: [Int])
  /// A tensor holds another kind of number.
  case tensorType(name: String, wanted: String, found: String)
  /// A tensor holds a NaN or an infinity.
  case notFinite(name: String, index: Int)
  /// A number cannot be written in the storage that was asked for.
  case unstorable(name: String, index: Int, value: Float, storage: WeightStorage)
  /// The file ends before the tensor does.
  case truncatedTensor(name: String, shape: [Int], wantedBytes: Int, foundBytes: Int)
  /// Two tensors claim the same bytes.
  case overlappingTensors(first: String, second: String)
  /// A file is not what its name says.
  case malformedFile(file: String, cause: String)
  /// The weights are not the ones model.json was written for.
  case checksum(file: String, wanted: String, found: String)
  /// model.json was changed after it was written.
  case digest(file: String, wanted: String, found: String)
  /// A call of the operating system failed.
  case system(operation: String, path: String, cause: String)
}

extension ModelError: CustomStringConvertible {
  /// One line: operation, subject, cause, remedy.
  package var description: String {
    switch self {
    case .options(let cause):
      "read ELMo options: \(cause)"
    case .manifest(let file, let cause):
      "read model manifest \(file): \(cause)"
    case .formatVersion(let file, let wanted, let found):
      "read model manifest \(file): format version \(found), this program reads \(wanted); "
        + "import the model again"
    case .missingTensor(let name, let wanted):
      "load weights: tensor \(name) is missing, wanted shape \(wanted), found none; "
        + "check that options and weights belong together"
    case .tensorShape(let name, let wanted, let found):
      "load weights: tensor \(name) has the wrong shape, wanted \(wanted), found \(found); "
        + "check that options and weights belong together"
    case .tensorType(let name, let wanted, let found):
      "load weights: tensor \(name) has the wrong type, wanted \(wanted), found \(found)"
    case .notFinite(let name, let index):
      "load weights: tensor \(name) holds a NaN or an infinity at index \(index); "
        + "fetch the weights again"
    case .unstorable(let name, let index, let value, let storage):
      "write weights: tensor \(name) holds \(value) at index \(index), which \(storage.rawValue) cannot "
        + "hold; "
        + (value.isFinite ? "store the weights as fp32" : "train or fetch the weights again")
    case .truncatedTensor(let name, let shape, let wanted, let found):
      "load weights: tensor \(name) of shape \(shape) is cut short, wanted \(wanted) bytes, "
        + "found \(found); fetch the weights again"
    case .overlappingTensors(let first, let second):
      "load weights: tensors \(first) and \(second) claim the same bytes; fetch the weights again"
    case .malformedFile(let file, let cause):
      "read \(file): \(cause)"
    case .checksum(let file, let wanted, let found):
      "verify \(file): SHA-256 wanted \(wanted), found \(found); fetch the model again"
    case .digest(let file, let wanted, let found):
      "verify \(file): the digest of its bytes is \(found), wanted \(wanted); fetch the model again, or, after "
        + "a change of your own, run elmond model seal"
    case .system(let operation, let path, let cause):
      "\(operation) \(path): \(cause)"
    }
  }
}
