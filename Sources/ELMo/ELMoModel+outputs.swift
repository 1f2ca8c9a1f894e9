import LinearAlgebra

// Section 5 of ELMO.md: what is read off a forward pass.

extension ELMoModel {
  /// Every output of every sentence, in the caller's order.
  ///
  /// A sentence's answer has the same bits alone and in any batch, but in mode `carry`, where
  /// sentence k of the call continues row k, and with `layerNorm`, which looks at the whole call.
  package func embed(
    _ sentences: [[ELMoToken]], workspace: inout ELMoWorkspace, mix: ScalarMix? = nil,
    layerNorm: Bool = false
  ) -> [SentenceEmbedding] {
    var answers = sentences.map { sentence in
      SentenceEmbedding(
        tokens: min(sentence.count, maxTokens), projectionWidth: projectionWidth,
        isCut: sentence.count > maxTokens, wordEmbeddings: [],
        lstmOutputs: Array(repeating: [], count: options.layerCount), elmo: [],
        default: Array(repeating: 0, count: width))
    }
    run(sentences, workspace: &workspace) { batch, member, workspace in
      let sentence = batch.sentences[member]
      var row = [Float](repeating: 0, count: width)
      for token in 0..<answers[sentence].tokens {
        var vector = row.mutableSpan
        read(0, batch, member, token, in: workspace, into: &vector)
        answers[sentence].wordEmbeddings += row[..<projectionWidth]
        for layer in 1..<layerCount {
          var vector = row.mutableSpan
          read(layer, batch, member, token, in: workspace, into: &vector)
          answers[sentence].lstmOutputs[layer - 1] += row
        }
      }
    }
    mixLayers(of: &answers, mix ?? scalarMix, layerNorm: layerNorm)
    return answers
  }

  /// The mean over the real tokens of each layer, [sentences, layerCount, 2D]; zeros for an empty
  /// sentence. What the classifier and its training use.
  package func pooledLayers(
    _ sentences: [[ELMoToken]], workspace: inout ELMoWorkspace
  ) -> [Float] {
    var pooled = [Float](repeating: 0, count: sentences.count * layerCount * width)
    var row = [Float](repeating: 0, count: width)
    run(sentences, workspace: &workspace) { batch, member, workspace in
      let tokens = batch.lengths[member]
      for layer in 0..<layerCount {
        let start = (batch.sentences[member] * layerCount + layer) * width
        var all = pooled.mutableSpan
        var mean = all._mutatingExtracting(start..<start + width)
        // In the order of the tokens, so that the sum's bits are the sentence's own.
        for token in 0..<tokens {
          var vector = row.mutableSpan
          read(layer, batch, member, token, in: workspace, into: &vector)
          Vector.add(row.span, into: &mean)
        }
        Vector.scale(&mean, by: 1 / Float(tokens))
      }
    }
    return pooled
  }

  /// What poolers make of each sentence's mixed token vectors: of each pooler [sentences, outputs],
  /// zeros for an empty sentence.
  ///
  /// The network runs once, and one sentence's vectors are held at a time.
  package func pooledTokens(
    _ sentences: [[ELMoToken]], by poolers: [Pooler], workspace: inout ELMoWorkspace
  ) -> [[Float]] {
    for pooler in poolers {
      precondition(
        pooler.width == width && pooler.factors.count == layerCount,
        "a pooler of \(pooler.factors.count) layers of \(pooler.width) for \(layerCount) of \(width)"
      )
    }
    var pooled = poolers.map { [Float](repeating: 0, count: sentences.count * $0.outputs) }
    run(sentences, workspace: &workspace) { batch, member, workspace in
      let tokens = batch.lengths[member]
      let vectors = workspace.mixed
      for (index, pooler) in poolers.enumerated() {
        if index == 0 || pooler.factors != poolers[index - 1].factors {
          mixTokens(of: member, batch, by: pooler.factors, in: workspace)
        }
        let start = batch.sentences[member] * pooler.outputs
        var all = pooled[index].mutableSpan
        var answer = all._mutatingExtracting(start..<start + pooler.outputs)
        pooler.pool(vectors.span(0..<tokens * width), tokens: tokens, into: &answer)
      }
    }
    return pooled
  }

  /// The token encoder's vectors, [tokens, D], without sentences and without a cache.
  package func tokenVectors(_ tokens: [ELMoToken]) -> [Float] {
    encodeBlocks(tokens, columns: projectionWidth) { block, scratch in
      encoder.encode(block, in: scratch)
      return scratch.output
    }
  }

  /// What the character CNN makes of tokens before the highways, [tokens, F].
  package func tokenFeatures(_ tokens: [ELMoToken]) -> [Float] {
    encodeBlocks(tokens, columns: options.featureSize) { block, scratch in
      encoder.convolve(block, in: scratch)
      return scratch.features
    }
  }

  private func encodeBlocks(
    _ tokens: [ELMoToken], columns: Int,
    _ encode: (ArraySlice<ELMoToken>, EncoderScratch) -> Rows
  ) -> [Float] {
    let scratch = EncoderScratch(options)
    var vectors: [Float] = []
    for start in stride(from: 0, to: tokens.count, by: EncoderScratch.blockSize) {
      let block = tokens[start..<min(tokens.count, start + EncoderScratch.blockSize)]
      let rows = encode(block, scratch).span(0..<block.count * columns)
      for index in rows.indices { vectors.append(rows[index]) }
    }
    return vectors
  }

  /// Cuts the sentences into batches, runs them, and shows each sentence to `body`.
  private func run(
    _ sentences: [[ELMoToken]], workspace: inout ELMoWorkspace,
    _ body: (Batch, _ member: Int, borrowing ELMoWorkspace) -> Void
  ) {
    let tokens = sentences.map { min($0.count, maxTokens) }
    for batch in Batch.plan(tokens: tokens, budget: workspace.tokenBudget) {
      forward(sentences, batch, in: &workspace)
      for member in batch.sentences.indices { body(batch, member, workspace) }
    }
  }

  /// Σ_l factor_l · layer_l at every token of a sentence, into `mixed` [tokens, 2D].
  private func mixTokens(
    of member: Int, _ batch: Batch, by factors: [Float], in workspace: borrowing ELMoWorkspace
  ) {
    let d = projectionWidth
    let (mixed, encoded) = (workspace.mixed, workspace.encoded)
    for token in 0..<batch.lengths[member] {
      let word = Int(workspace.positions[batch.starts[member] + token]) * d
      for direction in 0..<2 {
        let place = self.place(of: token, member, batch, direction, in: workspace) * d
        let start = token * width + direction * d
        var half = mixed.mutableSpan(start..<start + d)
        Rows.copy(encoded.span(word..<word + d), into: &half)
        Vector.scale(&half, by: factors[0])
        for (layer, factor) in factors.enumerated().dropFirst() {
          let outputs = workspace.directions[direction].outputs[layer - 1]
          Vector.axpy(factor, outputs.span(place..<place + d), into: &half)
        }
      }
    }
  }

  /// The row of a token of a sentence in a direction's blocks.
  private func place(
    of token: Int, _ member: Int, _ batch: Batch, _ direction: Int,
    in workspace: borrowing ELMoWorkspace
  ) -> Int {
    let margin = stateMode == .carry ? 1 : 0
    let step = margin + (direction == 0 ? token : batch.lengths[member] - 1 - token)
    let start = batch.starts[member] + 2 * margin * member
    return Int(workspace.plans[direction].rows[start + step])
  }

  /// One token of one layer, [2D]: layer 0 is [e, e], the others forward and backward half.
  private func read(
    _ layer: Int, _ batch: Batch, _ member: Int, _ token: Int,
    in workspace: borrowing ELMoWorkspace, into row: inout MutableSpan<Float>
  ) {
    let d = projectionWidth
    for direction in 0..<2 {
      let place =
        layer == 0
        ? Int(workspace.positions[batch.starts[member] + token])
        : self.place(of: token, member, batch, direction, in: workspace)
      let source =
        layer == 0 ? workspace.encoded : workspace.directions[direction].outputs[layer - 1]
      var half = row._mutatingExtracting(direction * d..<(direction + 1) * d)
      Rows.copy(source.span(place * d..<(place + 1) * d), into: &half)
    }
  }
}
