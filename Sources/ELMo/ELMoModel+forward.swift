import Dispatch
import LinearAlgebra

// The forward pass, top to bottom as in ELMO.md. D is the projection width, H the cell size, F the
// features of the character CNN, M the characters of a token. All matrices are row-major and stand
// on the right: x·W.

extension ELMoModel {
  /// Runs one batch; afterwards the workspace holds every layer's output and every final state.
  func forward(
    _ sentences: [[ELMoToken]], _ batch: Batch, in workspace: inout ELMoWorkspace
  ) {
    encodeTokens(sentences, batch, in: &workspace)
    gatherInputs(batch, in: workspace)
    startStates(batch, in: workspace)
    let scratch = workspace.directions
    DispatchQueue.concurrentPerform(iterations: 2) { direction in
      run(directions[direction], batch, in: scratch[direction])
    }
    keepStates(batch, in: &workspace)
  }
}

// MARK: - 1. From text to character ids

extension TokenEncoder {
  /// 1.1, 1.2, 2.1: writes X [M, d] of one token; answers L, the positions that are not padding.
  private func lookUp(_ token: ELMoToken, into x: inout MutableSpan<Float>) -> Int {
    let d = options.characterSize
    var position = 0
    func put(_ id: Int, _ x: inout MutableSpan<Float>) {
      for channel in 0..<d { x[position * d + channel] = characters[id * d + channel] }
      position += 1
    }
    put(CharacterID.beginOfWord, &x)
    switch token {
    case .word(let bytes):
      for index in 0..<min(bytes.count, options.bytesPerToken) { put(Int(bytes[index]), &x) }
    case .begin: put(CharacterID.beginOfSentence, &x)
    case .end: put(CharacterID.endOfSentence, &x)
    }
    put(CharacterID.endOfWord, &x)
    let occupied = position
    while position < options.charactersPerToken { put(CharacterID.padding, &x) }
    return occupied
  }
}

// MARK: - 2. Token encoder

extension TokenEncoder {
  /// Encodes a block of tokens into `scratch.output` [count, D].
  func encode(_ tokens: ArraySlice<ELMoToken>, in scratch: EncoderScratch) {
    convolve(tokens, in: scratch)
    for highway in highways { pass(highway, rows: tokens.count, in: scratch) }
    project(rows: tokens.count, in: scratch)
  }

  /// 2.2: act(max over windows of X[t…t+w-1]·K + b), all filters side by side: `features` [count, F].
  func convolve(_ tokens: ArraySlice<ELMoToken>, in scratch: EncoderScratch) {
    precondition(
      tokens.count <= EncoderScratch.blockSize,
      "\(tokens.count) tokens in a block of \(EncoderScratch.blockSize)")
    let (m, d, f) = (options.charactersPerToken, options.characterSize, options.featureSize)
    let lengths = tokens.enumerated().map { row, token in
      var x = scratch.characters.mutableSpan(row * m * d..<(row + 1) * m * d)
      return lookUp(token, into: &x)
    }
    var channel = 0
    for filter in filters {
      let (w, n) = (filter.width, filter.kernel.columns)
      // 2.5: a window that starts at L or later sees padding only, so one of them stands for all.
      let windows = lengths.map { min($0, m - w) + 1 }
      var first = 0
      while first < tokens.count {
        // The windows of as many tokens as fit go through one product.
        var rows = 0
        var end = first
        while end < tokens.count, rows + windows[end] <= scratch.windowLimit {
          for window in 0..<windows[end] {
            let start = (end * m + window) * d
            var row = scratch.windows.mutableSpan(
              (rows + window) * w * d..<(rows + window + 1) * w * d)
            Rows.copy(scratch.characters.span(start..<start + w * d), into: &row)
          }
          rows += windows[end]
          end += 1
        }
        var scores = scratch.scores.mutableSpan(0..<rows * n)
        MatrixProduct.multiply(
          scratch.windows.span(0..<rows * w * d), aStride: w * d, rows: rows,
          by: filter.kernel, into: &scores, cStride: n)
        var row = 0
        for token in first..<end {
          let columns = token * f + channel..<token * f + channel + n
          var pooled = scratch.features.mutableSpan(columns)
          Vector.maximum(
            overRowsOf: scratch.scores.span(row * n..<(row + windows[token]) * n),
            rows: windows[token], stride: n, into: &pooled)
          Vector.add(filter.bias.span, into: &pooled)
          row += windows[token]
        }
        first = end
      }
      channel += n
    }
    var features = scratch.features.mutableSpan(0..<tokens.count * f)
    switch options.activation {
    case .relu: Activations.relu(&features)
    case .tanh: Activations.tanh(&features)
    }
  }

  /// 2.3: h ← g ⊙ u + (1-g) ⊙ h, the gate called "carry" weighing the transformed part.
  private func pass(_ highway: Highway, rows: Int, in scratch: EncoderScratch) {
    let f = options.featureSize
    let h = scratch.features.span(0..<rows * f)
    var gate = scratch.gate.mutableSpan(0..<rows * f)
    MatrixProduct.multiply(
      h, aStride: f, rows: rows, by: highway.carry, bias: highway.carryBias, into: &gate,
      cStride: f)
    Activations.sigmoid(&gate)
    var transformed = scratch.transformed.mutableSpan(0..<rows * f)
    MatrixProduct.multiply(
      h, aStride: f, rows: rows, by: highway.transform, bias: highway.transformBias,
      into: &transformed, cStride: f)
    Activations.relu(&transformed)
    var features = scratch.features.mutableSpan(0..<rows * f)
    Vector.highway(
      gate: scratch.gate.span(0..<rows * f),
      transformed: scratch.transformed.span(0..<rows * f), into: &features)
  }

  /// 2.4: e = h·W_proj + b_proj.
  private func project(rows: Int, in scratch: EncoderScratch) {
    let (f, d) = (options.featureSize, options.projectionSize)
    var output = scratch.output.mutableSpan(0..<rows * d)
    let h = scratch.features.span(0..<rows * f)
    if let projection {
      MatrixProduct.multiply(
        h, aStride: f, rows: rows, by: projection.weights, bias: projection.bias, into: &output,
        cStride: d)
    } else {
      Rows.copy(h, into: &output)
    }
  }

  /// The vectors of <S> and </S>, [2, D]; constant per model (1.2).
  func encodeBoundaries() -> [Float] {
    let scratch = EncoderScratch(options)
    encode([.begin, .end], in: scratch)
    let output = scratch.output.span(0..<2 * options.projectionSize)
    return output.indices.map { output[$0] }
  }
}

extension ELMoModel {
  /// 2.5: leaves the vector of every distinct token of the batch in `encoded`, encoding each once.
  private func encodeTokens(
    _ sentences: [[ELMoToken]], _ batch: Batch, in workspace: inout ELMoWorkspace
  ) {
    let d = projectionWidth
    workspace.distinct.removeAll()
    workspace.missing.removeAll(keepingCapacity: true)
    let (encoded, boundaries) = (workspace.encoded, boundaries)
    var heads = encoded.mutableSpan(0..<2 * d)
    Rows.copy(boundaries.span, into: &heads)
    var count = 2
    for (member, sentence) in batch.sentences.enumerated() {
      let start = batch.starts[member]
      let tokens = batch.lengths[member] - 2
      workspace.positions[start] = 0
      for index in 0..<tokens {
        workspace.positions[start + 1 + index] = Int32(
          place(sentences[sentence][index], &count, in: &workspace))
      }
      workspace.positions[start + 1 + tokens] = 1
    }
    encodeMissing(in: &workspace)
  }

  /// The index of a token among the distinct ones; a new one comes from the cache or is noted.
  private func place(
    _ token: ELMoToken, _ count: inout Int, in workspace: inout ELMoWorkspace
  ) -> Int {
    switch token {
    case .begin: return 0
    case .end: return 1
    case .word(let bytes):
      let hash = workspace.distinct.hash(bytes)
      if let index = workspace.distinct.slot(of: bytes, hash: hash) {
        workspace.cache.countHit()
        return index
      }
      let index = count
      count += 1
      workspace.distinct.insert(bytes, hash: hash, slot: index)
      let d = projectionWidth
      let encoded = workspace.encoded
      var row = encoded.mutableSpan(index * d..<(index + 1) * d)
      if !workspace.cache.fetch(bytes, hash: hash, into: &row) {
        workspace.missing.append(MissingToken(token: token, hash: hash, index: index))
      }
      return index
    }
  }

  /// Encodes what no cache knew, two blocks at a time on two threads.
  private func encodeMissing(in workspace: inout ELMoWorkspace) {
    let d = projectionWidth
    let missing = workspace.missing
    let scratch = workspace.encoders
    let threads = scratch.count
    let size = min(EncoderScratch.blockSize, (missing.count + threads - 1) / threads)
    let tokens = missing.map(\.token)
    for round in stride(from: 0, to: missing.count, by: max(1, threads * size)) {
      let blocks = (0..<threads).map { thread in
        let start = min(missing.count, round + thread * size)
        return start..<min(missing.count, start + size)
      }
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        if !blocks[thread].isEmpty { encoder.encode(tokens[blocks[thread]], in: scratch[thread]) }
      }
      for (thread, block) in blocks.enumerated() {
        let (output, encoded) = (scratch[thread].output, workspace.encoded)
        for (row, number) in block.enumerated() {
          let token = missing[number]
          let vector = output.span(row * d..<(row + 1) * d)
          var target = encoded.mutableSpan(token.index * d..<(token.index + 1) * d)
          Rows.copy(vector, into: &target)
          if case .word(let bytes) = token.token {
            workspace.cache.store(bytes, hash: token.hash, vector: vector)
          }
        }
      }
    }
  }
}

// MARK: - 3. biLSTM

extension ELMoModel {
  /// 3.1: e in the order of the forward direction and, from each sentence's own end, the backward.
  private func gatherInputs(_ batch: Batch, in workspace: borrowing ELMoWorkspace) {
    let d = projectionWidth
    for sentence in batch.sentences.indices {
      for position in 0..<batch.lengths[sentence] {
        let token = Int(workspace.positions[batch.starts[sentence] + position])
        let vector = workspace.encoded.span(token * d..<(token + 1) * d)
        for direction in 0..<2 {
          let row =
            direction == 0
            ? batch.forwardRow(sentence, position) : batch.backwardRow(sentence, position)
          let inputs = workspace.directions[direction].inputs
          var target = inputs.mutableSpan(row * d..<(row + 1) * d)
          Rows.copy(vector, into: &target)
        }
      }
    }
  }

  /// One direction, layer by layer.
  private func run(_ layers: [LSTMLayer], _ batch: Batch, in scratch: DirectionScratch) {
    let (d, h) = (options.projectionSize, options.cellSize)
    for (index, layer) in layers.enumerated() {
      let x = index == 0 ? scratch.inputs : scratch.outputs[index - 1]
      let y = scratch.outputs[index]
      let (hidden, cell) = (scratch.hidden[index], scratch.cell[index])

      // 3.6: x·W_0[0…D-1] + B of all positions at once.
      var all = scratch.gates.mutableSpan(0..<batch.rows * 4 * h)
      MatrixProduct.multiply(
        x.span(0..<batch.rows * d), aStride: d, rows: batch.rows, by: layer.input,
        bias: layer.bias, into: &all, cStride: 4 * h)

      // 3.2: step by step, the sentences that are still running (3.5: the others stand still).
      for step in 0..<batch.steps {
        let n = batch.running(at: step)
        let first = batch.offsets[step]
        var z = scratch.gates.mutableSpan(first * 4 * h..<(first + n) * 4 * h)
        MatrixProduct.multiply(
          hidden.span(0..<n * d), aStride: d, rows: n, by: layer.recurrent,
          accumulate: true, into: &z, cStride: 4 * h)
        let output = layer.projection == nil ? hidden : scratch.memory
        var c = cell.mutableSpan(0..<n * h)
        var m = output.mutableSpan(0..<n * h)
        LSTMCell.update(
          gates: scratch.gates.span(first * 4 * h..<(first + n) * 4 * h),
          gatesStride: 4 * h, cell: &c, cellStride: h, output: &m, outputStride: h, rows: n,
          cellSize: h, cellClip: options.cellClip)
        if let projection = layer.projection {
          var p = hidden.mutableSpan(0..<n * d)
          MatrixProduct.multiply(
            scratch.memory.span(0..<n * h), aStride: h, rows: n, by: projection, into: &p,
            cStride: d)
          if let limit = options.projectionClip { Vector.clip(&p, limit: limit) }
        }
        var target = y.mutableSpan(first * d..<(first + n) * d)
        Rows.copy(hidden.span(0..<n * d), into: &target)
      }

      // 3.4: y = h + x above the first layer; the recurrence has used h alone.
      if index > 0, options.usesSkipConnections {
        var target = y.mutableSpan(0..<batch.rows * d)
        Vector.add(x.span(0..<batch.rows * d), into: &target)
      }
    }
  }
}

// MARK: - 4. State between calls

extension ELMoModel {
  /// 4.1: where each sentence starts: at zero, at the warm state, or where its row left off.
  private func startStates(_ batch: Batch, in workspace: borrowing ELMoWorkspace) {
    let (d, h) = (options.projectionSize, options.cellSize)
    for (row, sentence) in batch.sentences.enumerated() {
      let state =
        switch stateMode {
        case .zero: [Float]()
        case .warm: warmState
        case .carry:
          sentence < workspace.carried.rows.count ? workspace.carried.rows[sentence] : []
        }
      var from = 0
      func load(_ target: Rows, _ size: Int) {
        var values = target.mutableSpan(row * size..<(row + 1) * size)
        for index in 0..<size { values[index] = state.isEmpty ? 0 : state[from + index] }
        from += size
      }
      for scratch in workspace.directions {
        for layer in 0..<options.layerCount {
          load(scratch.hidden[layer], d)
          load(scratch.cell[layer], h)
        }
      }
    }
  }

  /// 4.1, mode `carry`: keeps the state each row ended with.
  private func keepStates(_ batch: Batch, in workspace: inout ELMoWorkspace) {
    guard stateMode == .carry else { return }
    let (d, h) = (options.projectionSize, options.cellSize)
    for (row, sentence) in batch.sentences.enumerated() {
      var state: [Float] = []
      func save(_ source: Rows, _ size: Int, _ state: inout [Float]) {
        let values = source.span(row * size..<(row + 1) * size)
        for index in values.indices { state.append(values[index]) }
      }
      state.reserveCapacity(2 * options.layerCount * (d + h))
      for scratch in workspace.directions {
        for layer in 0..<options.layerCount {
          save(scratch.hidden[layer], d, &state)
          save(scratch.cell[layer], h, &state)
        }
      }
      while workspace.carried.rows.count <= sentence { workspace.carried.rows.append([]) }
      workspace.carried.rows[sentence] = state
    }
  }
}
