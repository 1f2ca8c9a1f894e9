package import ELMo

/// The ids of a tuning's tokens: the words that the softmax knows first, then the others as they come.
package final class TuningTokens {
  private var ids: [ELMoToken: Int32] = [:]
  private var tokens: [ELMoToken] = []

  /// Ids over a vocabulary, whose first three words are the specials; an empty one has only these.
  package init(vocabulary: [[UInt8]]) {
    tokens = [.begin, .end] + TypeTable.specials[2...].map(ELMoToken.word)
    for word in vocabulary.dropFirst(3) {
      ids[.word(word)] = Int32(tokens.count)
      tokens.append(.word(word))
    }
  }

  /// The token of an id.
  package subscript(id: Int32) -> ELMoToken { tokens[Int(id)] }

  /// The ids of a text's tokens, at most `limit` of them.
  package func ids(_ text: [ELMoToken], limit: Int) -> [Int32] {
    text.prefix(limit).map { token in
      if let id = ids[token] { return id }
      let id = Int32(tokens.count)
      ids[token] = id
      tokens.append(token)
      return id
    }
  }
}
