/// How the vectors of a text's tokens become one vector: its parts, one after the other.
package enum Pooling: String, Sendable, CaseIterable {
  /// The mean.
  case mean
  /// The mean, then the largest of each number.
  case meanMax = "mean_max"
  /// The mean weighted by a learned query.
  case attention
  /// The mean, the largest of each number, then the weighted mean.
  case meanMaxAttention = "mean_max_attention"

  /// Vectors of a token's width that stand one after the other.
  package var parts: Int {
    switch self {
    case .mean, .attention: 1
    case .meanMax: 2
    case .meanMaxAttention: 3
    }
  }

  /// Whether a query is learned.
  package var hasQuery: Bool { self == .attention || self == .meanMaxAttention }

  var hasMean: Bool { self != .attention }
  var hasMaximum: Bool { self == .meanMax || self == .meanMaxAttention }
}

extension Pooling: Codable {
  /// Decodes the name; refuses one that this program does not know, with those that it does.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let pooling = Pooling(rawValue: name) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "the pooling \(name) is unknown, known are \(known); "
          + "use an elmond that knows it, or train the head again")
    }
    self = pooling
  }
}
