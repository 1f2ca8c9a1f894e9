import JSON
import Classifier
import ELMo
import TweetText
import Tweets

/// Measures what an engine does with tweets: the biLSTM alone, everything from JSON to score, and how long a
/// few tweets take.
struct EngineBench {
  let model: ELMoModel
  let work: BenchWorkload

  /// What was measured of one engine.
  struct Figures {
    var engine: Engine
    /// Of the biLSTM, words cached.
    var tokensPerSecond = 0.0
    /// The same in tweets.
    var tweetsPerSecond = 0.0
    /// From JSON to score, the word cache cold at the start.
    var endToEnd = 0.0
    /// Operations of the biLSTM's products a second, over all of its time; a multiply-add is two.
    var operationsPerSecond = 0.0
    /// What plain large products of the same type reach just before and after.
    var peak = 0.0
    /// By tweets of a batch, the 50th, 95th and 99th percentile in seconds.
    var latency: [(tweets: Int, percentiles: [Double])] = []

    /// The share of the peak that the biLSTM reaches.
    var shareOfPeak: Double { peak > 0 ? operationsPerSecond / peak : 0 }
  }

  func figures() -> Figures {
    var figures = Figures(engine: model.engine)
    let peak = EnginePeak(engine: model.engine)
    let before = peak.operationsPerSecond(runs: work.runs)
    measureNetwork(&figures)
    figures.peak = (before + peak.operationsPerSecond(runs: work.runs)) / 2
    figures.endToEnd = endToEnd()
    figures.latency = [1, 8, 32].map { ($0, latency(ofBatch: $0)) }
    return figures
  }

  private var sentences: [[ELMoToken]] { work.text.texts.map { ELMoToken.splitOnSpaces($0) } }

  private func measureNetwork(_ figures: inout Figures) {
    let sentences = sentences
    let tokens = sentences.reduce(0) { $0 + $1.count }
    var workspace = ELMoWorkspace(for: model, tokenBudget: 4096, cacheCapacity: 16_384)
    _ = model.pooledLayers(sentences, workspace: &workspace)
    let operations = 2 * Double(workspace.multiplyAdds)
    let seconds = MedianTime.seconds(runs: work.runs) {
      _ = model.pooledLayers(sentences, workspace: &workspace)
    }
    figures.tokensPerSecond = Double(tokens) / seconds
    figures.tweetsPerSecond = Double(sentences.count) / seconds
    figures.operationsPerSecond = operations / seconds
  }

  private func endToEnd() -> Double {
    let lines = work.text.records
    let seconds = MedianTime.seconds(runs: work.runs) {
      var workspace = ELMoWorkspace(for: model, tokenBudget: 4096, cacheCapacity: 16_384)
      var decoder = TweetDecoder()
      for start in stride(from: 0, to: lines.count, by: 64) {
        let block = lines[start..<min(start + 64, lines.count)]
        let texts = block.flatMap { record in
          decoder.decode(record).compactMap { item -> String? in
            guard case .tweet(let tweet) = item else { return nil }
            return work.cleaning.clean(tweet.text)
          }
        }
        let sentences = texts.map { ELMoToken.splitOnSpaces($0) }
        _ = work.heads.logits(sentences, model: model, workspace: &workspace)
        _ = work.coHead?.logits(texts)
      }
    }
    return Double(lines.count) / seconds
  }

  /// Percentiles of the time of some tweets, words cached, over batches of ever other tweets: some dozens, or
  /// as many as ten seconds take.
  private func latency(ofBatch count: Int) -> [Double] {
    let sentences = sentences
    var workspace = ELMoWorkspace(for: model, tokenBudget: 4096, cacheCapacity: 16_384)
    _ = model.pooledLayers(sentences, workspace: &workspace)
    var times: [Double] = []
    let begin = ContinuousClock.now
    for call in 0..<max(20 * work.runs, 20) {
      if call >= 5, ContinuousClock.now - begin > .seconds(10) { break }
      let batch = (0..<count).map { sentences[(call * count + $0) % sentences.count] }
      let start = ContinuousClock.now
      _ = model.pooledLayers(batch, workspace: &workspace)
      times.append((ContinuousClock.now - start).inSeconds)
    }
    times.sort()
    return [0.5, 0.95, 0.99].map { times[min(times.count - 1, Int($0 * Double(times.count)))] }
  }
}

extension EngineBench.Figures {
  /// The lines of the table.
  var results: [BenchResult] {
    let name = "\(engine.rawValue) on \(engine.path)"
    var results = [
      BenchResult(
        stage: "biLSTM", rate: tokensPerSecond, unit: "tokens/s", detail: "\(name), words cached"),
      BenchResult(stage: "biLSTM", rate: tweetsPerSecond, unit: "tweets/s", detail: name),
      BenchResult(
        stage: "roofline", rate: operationsPerSecond / 1e9, unit: "GFLOP/s",
        detail: "\(name): \(Int((100 * shareOfPeak).rounded())) % of "
          + "\(BenchResult.text(peak / 1e9)), a plain large product on two threads"),
      BenchResult(
        stage: "end to end", rate: endToEnd, unit: "tweets/s",
        detail: "\(name), JSON to score, word cache cold at the start, batches of 64"),
    ]
    for (tweets, percentiles) in latency {
      let later = percentiles.dropFirst().map { BenchResult.text($0 * 1e3) }
      results.append(
        BenchResult(
          stage: "latency", rate: percentiles[0] * 1e3, unit: "ms",
          detail: "\(name), \(tweets) tweet\(tweets == 1 ? "" : "s"), p50; p95 and p99 "
            + later.joined(separator: " and ")))
    }
    return results
  }

  /// The same as a JSON object.
  var json: String {
    let latency = latency.map { tweets, percentiles in
      let parts = zip(["p50", "p95", "p99"], percentiles).map {
        "\(JSONText.quote($0)):\(JSONText.number($1 * 1e3))"
      }
      return "\(JSONText.quote("\(tweets)")):{\(parts.joined(separator: ","))}"
    }
    return """
      {"path":\(JSONText.quote(engine.path)),"tokens_per_second":\(JSONText.number(tokensPerSecond)),\
      "tweets_per_second":\(JSONText.number(tweetsPerSecond)),\
      "end_to_end_tweets_per_second":\(JSONText.number(endToEnd)),\
      "gflops":\(JSONText.number(operationsPerSecond / 1e9)),\
      "peak_gflops":\(JSONText.number(peak / 1e9)),"share_of_peak":\(JSONText.number(shareOfPeak)),\
      "latency_ms":{\(latency.joined(separator: ","))}}
      """
  }
}
