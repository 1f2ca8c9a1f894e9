/// Everything that a run's next step depends on: named arrays of numbers, and texts.
package struct CheckpointState: Sendable, Equatable {
  /// Numbers of one kind.
  package enum Values: Sendable, Equatable {
    case floats([Float])
    case doubles([Double])
    case integers([Int64])
    case words([UInt64])

    /// How many there are.
    package var count: Int {
      switch self {
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .integers(let values): values.count
      case .words(let values): values.count
      }
    }

    /// The kind's name in the file.
    var kind: Kind {
      switch self {
      case .floats: .f32
      case .doubles: .f64
      case .integers: .i64
      case .words: .u64
      }
    }
  }

  /// The kinds of number in a checkpoint file.
  enum Kind: String, Codable {
    case f32, f64, i64, u64

    var size: Int { self == .f32 ? 4 : 8 }
  }

  /// The arrays by name.
  package var arrays: [String: Values] = [:]
  /// The texts by name.
  package var texts: [String: String] = [:]

  /// A state of nothing.
  package init() {}

  /// Takes an array of floats out of the state, so that it is held once; refuses another size.
  package mutating func takeFloats(
    _ name: String, count: Int? = nil
  ) throws(CheckpointError) -> [Float] {
    let values = try take(name, .f32, count)
    guard case .floats(let numbers) = values else { throw .missing(name) }
    return numbers
  }

  /// Takes an array of doubles out of the state; refuses another size.
  package mutating func takeDoubles(
    _ name: String, count: Int? = nil
  ) throws(CheckpointError) -> [Double] {
    let values = try take(name, .f64, count)
    guard case .doubles(let numbers) = values else { throw .missing(name) }
    return numbers
  }

  /// Takes an array of signed integers out of the state; refuses another size.
  package mutating func takeIntegers(
    _ name: String, count: Int? = nil
  ) throws(CheckpointError) -> [Int64] {
    let values = try take(name, .i64, count)
    guard case .integers(let numbers) = values else { throw .missing(name) }
    return numbers
  }

  /// Takes an array of 64-bit words out of the state; refuses another size.
  package mutating func takeWords(
    _ name: String, count: Int? = nil
  ) throws(CheckpointError) -> [UInt64] {
    let values = try take(name, .u64, count)
    guard case .words(let numbers) = values else { throw .missing(name) }
    return numbers
  }

  /// A text of the state.
  package func text(_ name: String) throws(CheckpointError) -> String {
    guard let text = texts[name] else { throw .missing(name) }
    return text
  }

  private mutating func take(
    _ name: String, _ kind: Kind, _ count: Int?
  ) throws(CheckpointError) -> Values {
    guard let values = arrays[name] else { throw .missing(name) }
    guard values.kind == kind, count ?? values.count == values.count else {
      throw .mismatch(
        name, wanted: "\(count.map { "\($0) " } ?? "")\(kind.rawValue)",
        found: "\(values.count) \(values.kind.rawValue)")
    }
    arrays[name] = nil
    return values
  }
}
