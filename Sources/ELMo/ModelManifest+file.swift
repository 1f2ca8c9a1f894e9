import Foundation

extension ModelManifest {
  /// Reads and checks the model.json at `path`.
  package init(contentsOf path: String) throws(ModelError) {
    func refuse(_ cause: String) -> ModelError { .manifest(file: path, cause: cause) }
    let file = try MappedFile(path)
    guard file.count <= 1 << 20 else {
      throw refuse("\(file.count) bytes are too many for a manifest")
    }
    let data = unsafe file.withBytes(0..<file.count) { unsafe Data($0) }
    do {
      // The version comes first: a later format may lack any of the other keys.
      let version = try JSONDecoder().decode(Version.self, from: data).format_version
      guard version == Self.currentVersion else {
        throw ModelError.formatVersion(file: path, wanted: Self.currentVersion, found: version)
      }
      self = try JSONDecoder().decode(ModelManifest.self, from: data)
    } catch let error as ModelError {
      throw error
    } catch {
      throw refuse(JSONFault.text(error))
    }
    if let cause = fault { throw refuse(cause) }
  }

  /// The bytes of a model.json: sorted keys, so that two versions compare well.
  package func encoded() throws(ModelError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    } catch {
      throw .manifest(file: name, cause: JSONFault.text(error))
    }
  }

  /// What is wrong with the values, if anything.
  private var fault: String? {
    let layers = elmo.layerCount + 1
    if scalarMix.weights.count != layers {
      return "scalar_mix has \(scalarMix.weights.count) weights, wanted \(layers)"
    }
    if !scalarMix.weights.allSatisfy(\.isFinite) || !scalarMix.gamma.isFinite {
      return "scalar_mix holds a number that is not finite"
    }
    if !(1...4096).contains(maxTokens) {
      return "max_tokens is \(maxTokens), wanted 1 to 4096"
    }
    if cleaning != "article" && cleaning != "tweet" {
      return "cleaning is \(cleaning), wanted article or tweet"
    }
    if stateMode == .warm, (primingText ?? "").allSatisfy({ $0 == " " }) {
      return "state_mode is warm, but there is no priming_text"
    }
    if (labels == nil) != (head == nil) {
      return "labels and head belong together, one of them is missing"
    }
    if let labels, labels.count < 2 || Set(labels).count != labels.count {
      return "labels are \(labels), wanted two or more, all different"
    }
    if let head, head.pooling != "mean" || !(1...65_536).contains(head.hidden) {
      return "head wants pooling mean and hidden from 1 to 65536, "
        + "found \(head.pooling) and \(head.hidden)"
    }
    if let neutralBand, neutralBand.count != 2 || !(neutralBand[0] <= neutralBand[1]) {
      return "neutral_band is \(neutralBand), wanted two numbers, the smaller first"
    }
    if let temperature, !(temperature > 0) {
      return "temperature is \(temperature), wanted more than 0"
    }
    if weights.file.isEmpty || weights.file.contains("/") || weights.file.hasPrefix(".") {
      return "weights.file is \(weights.file), wanted a plain file name inside the bundle"
    }
    return nil
  }
}

private struct Version: Decodable {
  let format_version: Int
}
