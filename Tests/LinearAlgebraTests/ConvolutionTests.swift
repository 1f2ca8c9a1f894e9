import LinearAlgebra
import Testing

struct ConvolutionTests {
  @Test(arguments: InstructionSet.available)
  func `the maximum of windows and the first that has it, at every number of channels`(
    set: InstructionSet
  ) {
    var random = SeededGenerator(seed: 61)
    for columns in 0...70 {
      for windows in [1, 2, 7] {
        // Few values, so that windows often tie; among them zeros of both signs and a NaN.
        let values: [Float] = [-1, -0.0, 0, 0.5, 0.5, 2, .nan, -.infinity]
        let scores = (0..<windows * columns).map { _ in
          values[Int.random(in: 0...7, using: &random)]
        }
        let bias = random.floats(columns)
        var best = Array(repeating: guardFloat, count: columns + guardCount)
        var winners = [Int32](repeating: -1, count: columns + guardCount)
        do {
          var allBest = best.mutableSpan
          var allWinners = winners.mutableSpan
          var ownBest = allBest._mutatingExtracting(0..<columns)
          var ownWinners = allWinners._mutatingExtracting(0..<columns)
          Convolution.maximum(
            of: scores.span, windows: windows, bias: bias.span, into: &ownBest,
            winners: &ownWinners, on: set)
        }
        var (wanted, wantedWinners): ([Float], [Int32]) = ([], [])
        for column in 0..<columns {
          var winner = 0
          for window in 0..<windows
          where scores[window * columns + column] > scores[winner * columns + column] {
            winner = window
          }
          wanted.append(scores[winner * columns + column] + bias[column])
          wantedWinners.append(Int32(winner))
        }
        let same = bits(Array(best[..<columns])) == bits(wanted)
        #expect(same, "\(windows) x \(columns), seed 61")
        #expect(Array(winners[..<columns]) == wantedWinners, "\(windows) x \(columns), seed 61")
        let untouched = isUntouched(best[columns...]) && winners[columns...].allSatisfy { $0 == -1 }
        #expect(untouched, "\(windows) x \(columns)")
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the way back of a convolution is as defined at every width of a window`(
    set: InstructionSet
  ) {
    var random = SeededGenerator(seed: 62)
    for span in 1...70 {
      let (channels, windows, step) = (5, 4, 3)
      let length = span + (windows - 1) * step
      let spare = Array(repeating: guardFloat, count: guardCount)
      var dy = random.floats(channels)
      dy[2] = 0
      let winners = (0..<channels).map { _ in Int32.random(in: 0..<Int32(windows), using: &random) }
      var input = random.floats(length)
      // What a channel without a gradient saw must not matter.
      let unseen = (0..<length).filter { place in
        !(0..<channels).contains { channel in
          let first = Int(winners[channel]) * step
          return channel != 2 && (first..<first + span).contains(place)
        }
      }
      for place in unseen { input[place] = .nan }
      let kernel = random.floats(channels * span)
      var wantedInput = random.floats(length)
      var wantedKernel = random.floats(channels * span)
      var wantedBias = random.floats(channels)
      var (dInput, dKernel) = (wantedInput + spare, wantedKernel + spare)
      var dBias = wantedBias + spare
      do {
        var allInput = dInput.mutableSpan
        var allKernel = dKernel.mutableSpan
        var allBias = dBias.mutableSpan
        var ownInput = allInput._mutatingExtracting(0..<length)
        var ownKernel = allKernel._mutatingExtracting(0..<channels * span)
        var ownBias = allBias._mutatingExtracting(0..<channels)
        Convolution.backward(
          dy.span, winners: winners.span, step: step, input: input.span, kernel: kernel.span,
          dInput: &ownInput, dKernel: &ownKernel, dBias: &ownBias, on: set)
      }
      for channel in 0..<channels where dy[channel] != 0 {
        wantedBias[channel] += dy[channel]
        for place in 0..<span {
          let (seen, own) = (Int(winners[channel]) * step + place, channel * span + place)
          wantedKernel[own].addProduct(dy[channel], input[seen])
          wantedInput[seen].addProduct(dy[channel], kernel[own])
        }
      }
      let same =
        bits(Array(dInput[..<length])) == bits(wantedInput)
        && bits(Array(dKernel[..<(channels * span)])) == bits(wantedKernel)
        && bits(Array(dBias[..<channels])) == bits(wantedBias)
      #expect(same, "windows of \(span), seed 62")
      let untouched =
        isUntouched(dInput[length...]) && isUntouched(dKernel[(channels * span)...])
        && isUntouched(dBias[channels...])
      #expect(untouched, "windows of \(span)")
    }
  }

  @Test func `a window beyond the input stops the program`() async {
    await #expect(processExitsWith: .failure) {
      var (dInput, dKernel, dBias): ([Float], [Float], [Float]) = ([0, 0, 0], [0, 0], [0])
      var input = dInput.mutableSpan
      var kernel = dKernel.mutableSpan
      var bias = dBias.mutableSpan
      Convolution.backward(
        ([1] as [Float]).span, winners: ([2] as [Int32]).span, step: 1,
        input: ([1, 2, 3] as [Float]).span, kernel: ([1, 2] as [Float]).span, dInput: &input,
        dKernel: &kernel, dBias: &bias)
    }
  }
}
