package import ELMo

/// Where each tensor of a biLM lies in one flat array: encoder, forward layers, backward layers.
package struct ParameterLayout: Sendable, Equatable {
  /// One tensor.
  package struct Entry: Sendable, Equatable {
    /// Its name in weight files.
    package var name: String
    /// Its extents.
    package var shape: [Int]
    /// Its numbers in the flat array.
    package var range: Range<Int>
  }

  /// The network.
  package let options: ELMoOptions
  /// All tensors in the order of the flat array.
  package let entries: [Entry]
  /// The encoder's part of the array.
  package let encoder: Range<Int>
  /// The two directions' parts of the array.
  package let directions: [Range<Int>]
  private let places: [String: Int]

  /// The layout of a network, without tensors that it can do without.
  package init(_ options: ELMoOptions) {
    self.options = options
    var entries: [Entry] = []
    var places: [String: Int] = [:]
    var start = 0
    var bounds = [0, 0, 0]  // where encoder, forward and backward end
    for tensor in options.tensors where !tensor.isOptional {
      let range = start..<start + tensor.count
      places[tensor.name] = entries.count
      entries.append(Entry(name: tensor.name, shape: tensor.shape, range: range))
      start = range.upperBound
      let part = tensor.name.hasPrefix("RNN_0") ? 1 : tensor.name.hasPrefix("RNN_1") ? 2 : 0
      bounds[part] = start
    }
    self.entries = entries
    self.places = places
    encoder = 0..<bounds[0]
    directions = [bounds[0]..<bounds[1], bounds[1]..<bounds[2]]
  }

  /// Numbers in all.
  package var count: Int { directions[1].upperBound }

  /// The range of a tensor that the network has.
  package func range(of name: String) -> Range<Int> {
    guard let place = places[name] else {
      preconditionFailure("the network has no tensor \(name)")
    }
    return entries[place].range
  }

  /// The part of a layer of a direction, all its tensors.
  package func range(direction: Int, layer: Int) -> Range<Int> {
    let own = entries.filter {
      $0.name.hasPrefix("\(ELMoOptions.cellName(direction: direction, layer: layer))/")
    }
    guard let first = own.first, let last = own.last else {
      preconditionFailure("the network has no layer \(layer) in direction \(direction)")
    }
    return first.range.lowerBound..<last.range.upperBound
  }
}
