/// The time of a call, as every figure of the benchmark takes it.
enum MedianTime {
  /// The median of `runs` calls, in seconds; `warmUps` calls before them do not count.
  static func seconds(runs: Int, warmUps: Int = 0, _ body: () throws -> Void) rethrows -> Double {
    var times: [Double] = []
    for run in 0..<warmUps + runs {
      let start = ContinuousClock.now
      try body()
      if run >= warmUps { times.append((ContinuousClock.now - start).inSeconds) }
    }
    return times.sorted()[runs / 2]
  }
}
