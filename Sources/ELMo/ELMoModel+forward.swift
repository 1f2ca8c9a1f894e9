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
    planDirections(batch, in: &workspace)
    startStates(batch, in: workspace)
    let (plans, scratch) = (workspace.plans, workspace.directions)
    Threads.perform(2, on: workspace.threads) { direction in
      biLSTM.run(direction, plans[direction], in: scratch[direction])
    }
    keepStates(batch, in: &workspace)
    workspace.multiplyAdds += plans.reduce(0) { $0 + biLSTM.multiplyAdds(rows: $1.count) }
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
    workspace.distinctCount = 2
    for (member, sentence) in batch.sentences.enumerated() {
      for index in 0..<batch.lengths[member] {
        workspace.positions[batch.starts[member] + index] = Int32(
          place(sentences[sentence][index], in: &workspace))
      }
    }
    encodeMissing(in: &workspace)
  }

  /// The index of a token among the distinct ones; a new one comes from the cache or is noted.
  private func place(
    _ token: ELMoToken, in workspace: inout ELMoWorkspace
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
      let index = workspace.distinctCount
      workspace.distinctCount += 1
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

  /// Encodes what no cache knew, a block a thread at a time.
  private func encodeMissing(in workspace: inout ELMoWorkspace) {
    let d = projectionWidth
    let missing = workspace.missing
    let scratch = workspace.encoders
    let threads = min(workspace.threads, scratch.count)
    let size = min(EncoderScratch.blockSize, (missing.count + threads - 1) / threads)
    let tokens = missing.map(\.token)
    for round in stride(from: 0, to: missing.count, by: max(1, threads * size)) {
      let blocks = (0..<threads).map { thread in
        let start = min(missing.count, round + thread * size)
        return start..<min(missing.count, start + size)
      }
      Threads.perform(threads, on: threads) { thread in
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
  /// 3.1: the tokens in the order of the forward direction and, from each sentence's own end, the
  /// backward; mode `carry` runs through both boundaries, the others know the state after the first
  /// and need nothing of the last.
  private func planDirections(_ batch: Batch, in workspace: inout ELMoWorkspace) {
    let carries = stateMode == .carry
    let margin = carries ? 1 : 0
    let starts = batch.starts + [batch.tokens]
    let ends = starts.enumerated().map { member, start in start + 2 * margin * member }
    workspace.plans = (0..<2).map { direction in
      var order: [Int32] = []
      order.reserveCapacity(batch.tokens + 2 * margin * batch.sentences.count)
      for member in batch.sentences.indices {
        let tokens = workspace.positions[starts[member]..<starts[member + 1]]
        if carries { order.append(Int32(direction)) }
        if direction == 0 { order += tokens } else { order += tokens.reversed() }
        if carries { order.append(Int32(1 - direction)) }
      }
      return DirectionPlan(
        order, starts: ends, distinct: workspace.distinctCount, shares: !carries)
    }
  }
}

extension BiLSTM {
  /// Multiply-adds of one direction's products.
  func multiplyAdds(rows: Int) -> Int {
    let (d, h) = (options.projectionSize, options.cellSize)
    return directions[0].reduce(0) { sum, layer in
      sum + rows * (2 * d * 4 * h + (layer.projection == nil ? 0 : h * d))
    }
  }

  /// One direction, layer by layer.
  func run(_ direction: Int, _ plan: DirectionPlan, in scratch: DirectionScratch) {
    let (d, h) = (options.projectionSize, options.cellSize)
    for (index, layer) in directions[direction].enumerated() {
      let y = scratch.outputs[index]
      let hidden = scratch.hidden[index]
      var block = 0..<0  // the rows whose gates are begun
      for step in 0..<plan.steps {
        // 3.2: step by step, the rows that are still running (3.5: the others stand still).
        let first = plan.offsets[step]
        let rows = first..<first + plan.width(of: step)
        scratch.goOn(to: step, of: plan, layer: index)
        if block.upperBound <= first, rows.count >= DirectionScratch.wideStep {
          runWide(rows, plan, layer: index, of: layer, in: scratch)
        } else {
          if block.upperBound <= first {
            block = first..<plan.end(of: step, rows: DirectionScratch.blockRows)
            beginGates(of: block, plan, layer: index, of: layer, in: scratch)
          }
          runNarrow(rows, of: block, layer: index, of: layer, in: scratch)
        }
        let n = rows.count
        if let projection = layer.projection {
          var p = hidden.mutableSpan(0..<n * d)
          projection.multiply(
            scratch.memory.span(0..<n * h), rows: n, into: &p, scratch: scratch.products)
          if let limit = options.projectionClip { Vector.clip(&p, limit: limit) }
        } else {
          var state = hidden.mutableSpan(0..<n * d)
          Rows.copy(scratch.memory.span(0..<n * h), into: &state)
        }
        var target = y.mutableSpan(first * d..<(first + n) * d)
        Rows.copy(hidden.span(0..<n * d), into: &target)
      }

      // 3.4: y = h + x above the first layer; the recurrence has used h alone.
      if index > 0, options.usesSkipConnections {
        let x = scratch.outputs[index - 1]
        var target = y.mutableSpan(0..<plan.count * d)
        Vector.add(x.span(0..<plan.count * d), into: &target)
      }
    }
  }

  /// A step of many rows: stripe by stripe of the cells, 3.6 and 3.2 of all its rows.
  private func runWide(
    _ rows: Range<Int>, _ plan: DirectionPlan, layer index: Int, of layer: LSTMLayer,
    in scratch: DirectionScratch
  ) {
    let (d, h) = (options.projectionSize, options.cellSize)
    let n = rows.count
    let stripes = GateStripes(cellSize: h)
    let width = stripes.columns
    let hidden = scratch.hidden[index]
    let (x, start) = inputs(of: rows, plan, layer: index, in: scratch)
    layer.input.prepare(
      x.span(start * d..<(start + n) * d), rows: n, as: .input, in: scratch.products)
    layer.recurrent.prepare(
      hidden.span(0..<n * d), rows: n, as: .recurrent, in: scratch.products)
    for stripe in 0..<stripes.count {
      var z = scratch.gates.mutableSpan(0..<n * width)
      layer.input.multiply(
        prepared: x.span(start * d..<(start + n) * d), as: .input, rows: n,
        panels: stripes.panels(stripe), bias: layer.bias, into: &z, cStride: width,
        scratch: scratch.products)
      layer.recurrent.multiply(
        prepared: hidden.span(0..<n * d), as: .recurrent, rows: n, panels: stripes.panels(stripe),
        accumulate: true, into: &z, cStride: width, scratch: scratch.products)
      updateCells(
        stripe, rows: n, gatesAt: 0, gatesStride: width, layer: index, in: scratch)
    }
  }

  /// A step of few rows, whose gates are begun as those of a block.
  private func runNarrow(
    _ rows: Range<Int>, of block: Range<Int>, layer index: Int, of layer: LSTMLayer,
    in scratch: DirectionScratch
  ) {
    let (d, h) = (options.projectionSize, options.cellSize)
    let n = rows.count
    let start = (rows.lowerBound - block.lowerBound) * 4 * h
    let hidden = scratch.hidden[index]
    var z = scratch.gates.mutableSpan(start..<start + n * 4 * h)
    layer.recurrent.multiply(
      hidden.span(0..<n * d), rows: n, accumulate: true, into: &z, scratch: scratch.products)
    let stripes = GateStripes(cellSize: h)
    for stripe in 0..<stripes.count {
      updateCells(
        stripe, rows: n, gatesAt: start + stripe * stripes.columns, gatesStride: 4 * h,
        layer: index, in: scratch)
    }
  }

  /// 3.2: the cells of a stripe, from their gates.
  private func updateCells(
    _ stripe: Int, rows n: Int, gatesAt start: Int, gatesStride: Int, layer index: Int,
    in scratch: DirectionScratch
  ) {
    let h = options.cellSize
    let stripes = GateStripes(cellSize: h)
    let cells = stripe * stripes.cells..<(n - 1) * h + (stripe + 1) * stripes.cells
    let cell = scratch.cell[index]
    var c = cell.mutableSpan(cells)
    // And not h, which the stripes behind this one still read.
    var m = scratch.memory.mutableSpan(cells)
    LSTMCell.update(
      gates: scratch.gates.span(start..<start + (n - 1) * gatesStride + stripes.columns),
      gatesStride: gatesStride, cell: &c, cellStride: h, output: &m, outputStride: h, rows: n,
      cellSize: stripes.cells, cellClip: options.cellClip)
  }

  /// 3.6: x·W_0[0…D-1] + B of a block of rows.
  private func beginGates(
    of rows: Range<Int>, _ plan: DirectionPlan, layer index: Int, of layer: LSTMLayer,
    in scratch: DirectionScratch
  ) {
    let (d, h) = (options.projectionSize, options.cellSize)
    let (x, start) = inputs(of: rows, plan, layer: index, in: scratch)
    var z = scratch.gates.mutableSpan(0..<rows.count * 4 * h)
    layer.input.multiply(
      x.span(start * d..<(start + rows.count) * d), rows: rows.count, bias: layer.bias, into: &z,
      scratch: scratch.products)
  }

  /// What some rows of a layer read, and where it begins: the tokens, or the layer below.
  private func inputs(
    of rows: Range<Int>, _ plan: DirectionPlan, layer index: Int, in scratch: DirectionScratch
  ) -> (rows: Rows, start: Int) {
    guard index == 0 else { return (scratch.outputs[index - 1], rows.lowerBound) }
    let d = options.projectionSize
    for (place, row) in rows.enumerated() {
      let token = Int(plan.tokens[row])
      var own = scratch.inputs.mutableSpan(place * d..<(place + 1) * d)
      Rows.copy(scratch.tokens.span(token * d..<(token + 1) * d), into: &own)
    }
    return (scratch.inputs, 0)
  }
}

extension DirectionScratch {
  /// Puts each row's own past in its place, where sentences that shared it part.
  func goOn(to step: Int, of plan: DirectionPlan, layer: Int) {
    guard !plan.isStraight[step] else { return }
    let parents = plan.parents[plan.offsets[step]..<plan.offsets[step + 1]]
    for (state, size) in [(hidden[layer], hiddenSize), (cell[layer], cellSize)] {
      for (row, parent) in parents.enumerated() {
        var target = parted.mutableSpan(row * size..<(row + 1) * size)
        Rows.copy(state.span(Int(parent) * size..<(Int(parent) + 1) * size), into: &target)
      }
      var target = state.mutableSpan(0..<parents.count * size)
      Rows.copy(parted.span(0..<parents.count * size), into: &target)
    }
  }
}

// MARK: - 4. State between calls

extension ELMoModel {
  /// 4.1: where each row starts: at zero or the warm state and past the first boundary, or, in mode
  /// `carry`, where its sentence left off.
  private func startStates(_ batch: Batch, in workspace: borrowing ELMoWorkspace) {
    let carries = stateMode == .carry
    for (direction, scratch) in workspace.directions.enumerated() {
      for row in 0..<workspace.plans[direction].width(of: 0) {
        let sentence = carries ? batch.sentences[row] : 0
        let carried = workspace.carried.rows
        let state = carries ? (sentence < carried.count ? carried[sentence] : []) : startState
        scratch.load(state, direction: direction, row: row)
      }
    }
  }

  /// 4.1, mode `carry`: keeps the state each row ended with.
  private func keepStates(_ batch: Batch, in workspace: inout ELMoWorkspace) {
    guard stateMode == .carry else { return }
    for (row, sentence) in batch.sentences.enumerated() {
      while workspace.carried.rows.count <= sentence { workspace.carried.rows.append([]) }
      workspace.carried.rows[sentence] = workspace.directions.flatMap { $0.state(ofRow: row) }
    }
  }
}

extension BiLSTM {
  /// The state, a row of `CarriedStates`, after the boundary that each direction meets first, from
  /// another such state.
  func stateAfterBoundary(_ boundaries: [Float], from state: [Float]) -> [Float] {
    let tokens = Rows(count: boundaries.count)
    var vectors = tokens.mutableSpan(0..<boundaries.count)
    Rows.copy(boundaries.span, into: &vectors)
    return (0..<2).flatMap { direction in
      let scratch = DirectionScratch(
        options, engine: engine, tokens: tokens, budget: 1, sentences: 1)
      scratch.load(state, direction: direction, row: 0)
      let plan = DirectionPlan([Int32(direction)], starts: [0, 1], distinct: 2, shares: false)
      run(direction, plan, in: scratch)
      return scratch.state(ofRow: 0)
    }
  }
}

extension DirectionScratch {
  /// Sets a row's state from its direction's half of a row of `CarriedStates`; an empty one is zero.
  func load(_ state: [Float], direction: Int, row: Int) {
    var from = direction * state.count / 2
    for layer in hidden.indices {
      for (target, size) in [(hidden[layer], hiddenSize), (cell[layer], cellSize)] {
        var values = target.mutableSpan(row * size..<(row + 1) * size)
        for index in 0..<size { values[index] = state.isEmpty ? 0 : state[from + index] }
        from += size
      }
    }
  }

  /// A row's state, as half a row of `CarriedStates`.
  func state(ofRow row: Int) -> [Float] {
    hidden.indices.flatMap { layer in
      [(hidden[layer], hiddenSize), (cell[layer], cellSize)].flatMap { source, size in
        let values = source.span(row * size..<(row + 1) * size)
        return values.indices.map { values[$0] }
      }
    }
  }
}
