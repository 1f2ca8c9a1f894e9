package import Foundation

extension ELMoOptions: Codable {
  /// Decodes and validates options.
  package init(from decoder: any Decoder) throws {
    try self.init(JSONValue(from: decoder))
  }

  /// Encodes every field, and the keys that were not understood.
  package func encode(to encoder: any Encoder) throws {
    try json.encode(to: encoder)
  }

  /// Reads the bytes of an options.json.
  package init(json data: Data) throws(ModelError) {
    let value: JSONValue
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: data)
    } catch {
      throw .options("not JSON; \(JSONFault.text(error))")
    }
    try self.init(value)
  }

  init(_ value: JSONValue) throws(ModelError) {
    var top = try Fields(value, path: "")
    var lstm = try Fields(top.take("lstm") ?? .null, path: "lstm")
    guard let charCNN = top.take("char_cnn"), charCNN != .null else {
      throw .options(
        "there is no char_cnn, so this is a model over whole words; "
          + "only models over characters can be read")
    }
    var cnn = try Fields(charCNN, path: "char_cnn")
    var embedding = try Fields(cnn.take("embedding") ?? .null, path: "char_cnn.embedding")

    self.init(
      cellSize: try lstm.whole("dim"),
      projectionSize: try lstm.whole("projection_dim"),
      layerCount: try lstm.whole("n_layers", default: 1),
      cellClip: try lstm.clip("cell_clip"),
      projectionClip: try lstm.clip("proj_clip"),
      usesSkipConnections: try lstm.bool("use_skip_connections", default: false),
      activation: try cnn.activation("activation"),
      characterSize: try embedding.whole("dim"),
      filters: try cnn.filters("filters"),
      highwayCount: try cnn.whole("n_highway", default: 0),
      charactersPerToken: try cnn.whole("max_characters_per_token", default: 50),
      characterCount: try cnn.whole("n_characters", default: 262))
    others = top.rest
    otherLSTM = lstm.rest
    otherCharCNN = cnn.rest
    try validate()
  }

  private var json: JSONValue {
    var lstm = otherLSTM
    lstm["dim"] = .integer(cellSize)
    lstm["projection_dim"] = .integer(projectionSize)
    lstm["n_layers"] = .integer(layerCount)
    lstm["cell_clip"] = cellClip.map { .number(Double($0)) } ?? .null
    lstm["proj_clip"] = projectionClip.map { .number(Double($0)) } ?? .null
    lstm["use_skip_connections"] = .bool(usesSkipConnections)
    var cnn = otherCharCNN
    cnn["activation"] = .string(activation.rawValue)
    cnn["embedding"] = .object(["dim": .integer(characterSize)])
    cnn["filters"] = .array(filters.map { .array([.integer($0.width), .integer($0.count)]) })
    cnn["n_highway"] = .integer(highwayCount)
    cnn["max_characters_per_token"] = .integer(charactersPerToken)
    cnn["n_characters"] = .integer(characterCount)
    var top = others
    top["lstm"] = .object(lstm)
    top["char_cnn"] = .object(cnn)
    return .object(top)
  }
}

/// The keys of one object, taken out one by one so that the unknown ones remain.
private struct Fields {
  let path: String
  var rest: [String: JSONValue]

  init(_ value: JSONValue, path: String) throws(ModelError) {
    guard case .object(let members) = value else {
      let name = path.isEmpty ? "the file" : path
      throw .options(value == .null ? "\(name) is missing" : "\(name) is not an object")
    }
    self.path = path
    rest = members
  }

  mutating func take(_ key: String) -> JSONValue? { rest.removeValue(forKey: key) }

  mutating func whole(_ key: String, default fallback: Int? = nil) throws(ModelError) -> Int {
    let value = take(key)
    if value == nil || value == .null, let fallback { return fallback }
    guard let value else { throw .options("\(path).\(key) is missing, wanted a whole number") }
    guard let number = value.whole else {
      throw .options("\(path).\(key) is not a whole number")
    }
    return number
  }

  /// A clip of null, absent or 0 is none (ELMO.md 3.3).
  mutating func clip(_ key: String) throws(ModelError) -> Float? {
    guard let value = take(key), value != .null else { return nil }
    guard let number = value.float else {
      throw .options("\(path).\(key) is not a number, wanted one, or null for none")
    }
    return number == 0 ? nil : number
  }

  mutating func bool(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
    switch take(key) {
    case nil, .null: return fallback
    case .bool(let value): return value
    default: throw .options("\(path).\(key) is neither true nor false")
    }
  }

  mutating func activation(_ key: String) throws(ModelError) -> ELMoOptions.Activation {
    switch take(key) {
    case nil, .null: return .relu
    case .string(let text):
      guard let value = ELMoOptions.Activation(rawValue: text) else {
        throw .options("\(path).\(key) is \(text), wanted relu or tanh")
      }
      return value
    default: throw .options("\(path).\(key) is not a text, wanted relu or tanh")
    }
  }

  mutating func filters(_ key: String) throws(ModelError) -> [ELMoOptions.Filter] {
    guard case .array(let items) = take(key) else {
      throw .options("\(path).\(key) is missing, wanted [[width, count], …]")
    }
    var filters: [ELMoOptions.Filter] = []
    for (index, item) in items.enumerated() {
      guard case .array(let pair) = item, pair.count == 2, let width = pair[0].whole,
        let count = pair[1].whole
      else { throw .options("\(path).\(key)[\(index)] is not [width, count]") }
      filters.append(ELMoOptions.Filter(width: width, count: count))
    }
    return filters
  }
}
