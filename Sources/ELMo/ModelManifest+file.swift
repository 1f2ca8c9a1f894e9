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
    if let cause = fault(of: scalarMix, "scalar_mix") { return cause }
    if !(1...4096).contains(maxTokens) {
      return "max_tokens is \(maxTokens), wanted 1 to 4096"
    }
    if !["article", "article-2", "tweet", "tweet-2"].contains(cleaning) {
      return "cleaning is \(cleaning), wanted article, article-2, tweet or tweet-2"
    }
    if let languages, languages.isEmpty || !languages.allSatisfy(Self.isLanguage) {
      return "languages are \(languages), wanted codes of two or three letters such as en"
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
    if let cause = headFault { return cause }
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

  /// What is wrong with the values that the heads are read by, if anything.
  private var headFault: String? {
    if let head {
      if !(0...65_536).contains(head.hidden) {
        return "head.hidden is \(head.hidden), wanted 0 (no hidden layer) to 65536"
      }
      if !(1...64).contains(head.members) {
        return "head.members is \(head.members), wanted 1 to 64"
      }
      if let mixes = head.mixes {
        if mixes.count != head.members {
          return "head.mixes has \(mixes.count) mixes for \(head.members) members"
        }
        for (member, mix) in mixes.enumerated() {
          if let cause = fault(of: mix, "head.mixes[\(member)]") { return cause }
        }
      }
    }
    if let headWeight, !headWeight.isFinite {
      return "head_weight is \(headWeight), wanted a finite number"
    }
    if let coHead {
      if labels == nil { return "cohead needs labels and head, both are missing" }
      if !CoHead.bitRange.contains(coHead.bits) {
        return "cohead.bits is \(coHead.bits), wanted \(CoHead.bitRange.lowerBound) to "
          + "\(CoHead.bitRange.upperBound)"
      }
      if !coHead.weight.isFinite {
        return "cohead.weight is \(coHead.weight), wanted a finite number"
      }
    }
    if let labelBiases {
      guard let labels, labelBiases.count == labels.count, labelBiases.allSatisfy(\.isFinite) else {
        return "label_biases are \(labelBiases), wanted \(labels?.count ?? 0) finite numbers"
      }
    }
    if let labelOffsets {
      guard let labels, labels.count > 2 else {
        return "label_offsets are for three labels or more; use threshold for two"
      }
      if labelOffsets.count != labels.count || !labelOffsets.allSatisfy(\.isFinite) {
        return "label_offsets are \(labelOffsets), wanted \(labels.count) finite numbers"
      }
    }
    return nil
  }

  /// True for a code in the form of ISO 639.
  private static func isLanguage(_ code: String) -> Bool {
    (2...3).contains(code.utf8.count) && code.utf8.allSatisfy { $0 &- 0x61 < 26 } && code != "und"
  }

  private func fault(of mix: ScalarMix, _ key: String) -> String? {
    let layers = elmo.layerCount + 1
    if mix.weights.count != layers {
      return "\(key) has \(mix.weights.count) weights, wanted \(layers)"
    }
    if !mix.weights.allSatisfy(\.isFinite) || !mix.gamma.isFinite {
      return "\(key) holds a number that is not finite"
    }
    return nil
  }
}

private struct Version: Decodable {
  let format_version: Int
}
