import Aggregates
import Classifier
import ELMo
import Foundation
import LinearAlgebra
import Store
import Training
import TweetText
import Tweets

/// Measures the stages that no engine changes, one after the other; each figure is the median of repeated runs.
struct StageBench {
  let model: ELMoModel
  let work: BenchWorkload

  func results() async throws -> [BenchResult] {
    var results = [decode(), clean(), encode()]
    results.append(measureHead())
    if let coHead = work.coHead { results.append(measure(coHead)) }
    results.append(try await store())
    results.append(contentsOf: products())
    return results
  }

  private func decode() -> BenchResult {
    let records = work.text.records
    let bytes = records.reduce(0) { $0 + $1.bytes.count }
    var decoder = TweetDecoder()
    let seconds = median {
      for record in records { _ = decoder.decode(record) }
    }
    return BenchResult(
      stage: "decode", rate: Double(bytes) / 1e6 / seconds, unit: "MB/s", detail: "v1.1 JSON")
  }

  private func clean() -> BenchResult {
    let bytes = work.text.texts.reduce(0) { $0 + $1.utf8.count }
    let seconds = median {
      for text in work.text.texts { _ = work.cleaning.clean(text) }
    }
    return BenchResult(
      stage: "clean", rate: Double(bytes) / 1e6 / seconds, unit: "MB/s",
      detail: "profile \(work.cleaning.rawValue)")
  }

  private func encode() -> BenchResult {
    let words = work.text.vocabulary.prefix(1024).map { ELMoToken($0) }
    let seconds = median { _ = model.tokenVectors(words) }
    return BenchResult(
      stage: "encode", rate: Double(words.count) / seconds, unit: "types/s",
      detail: "character CNN of distinct words")
  }

  private func measureHead() -> BenchResult {
    let rows = 1024
    let shape = work.heads.shape
    let features = [Float](repeating: 0.1, count: rows * shape.inputs)
    let seconds = median {
      for head in work.heads.members { _ = head.logits(features: features.span, rows: rows) }
    }
    return BenchResult(
      stage: "head", rate: Double(rows) / seconds, unit: "tweets/s",
      detail:
        "\(shape.inputs) numbers of \(shape.pooling.rawValue) pooling, \(shape.hidden) hidden "
        + "units, \(shape.outputs) outputs"
        + (work.heads.members.count > 1 ? ", \(work.heads.members.count) members" : ""))
  }

  private func measure(_ coHead: CoHead) -> BenchResult {
    let texts = work.text.texts.map(work.cleaning.clean)
    let seconds = median { _ = coHead.logits(texts) }
    return BenchResult(
      stage: "co-head", rate: Double(texts.count) / seconds, unit: "tweets/s",
      detail: "n-grams of cleaned tweets, two threads")
  }

  private func store() async throws -> BenchResult {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("elmond-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try AggregateStore(path: folder.path + "/bench.db", now: WallClock.now)
    let start = ContinuousClock.now
    let batches = 100
    for batch in 0..<batches {
      try await store.commit(StageBench.commit(number: batch))
    }
    let seconds = StageBench.seconds(since: start)
    try await store.close()
    return BenchResult(
      stage: "store", rate: Double(batches * 64) / seconds, unit: "tweets/s",
      detail: "transactions of 64")
  }

  private static func commit(number: Int) -> StoreCommit {
    let arrival = Timestamp(seconds: 1_795_000_000 + Int64(number))
    var aggregator = BatchAggregator(
      matcher: TopicMatcher([]), model: "bench", policy: EventTimePolicy())
    for index in 0..<64 {
      let id = String(1_990_000_000_000_000_000 + (number * 64 + index) * 1000)
      let tweet = Tweet(
        id: id, hasStableID: true, text: "", createdAt: Timestamp(seconds: arrival.seconds - 60))
      aggregator.add(
        ScoredTweet(
          tweet: tweet, clean: "",
          sentiment: Sentiment(label: .positive, score: 0.75, probabilities: [0.25, 0.75])),
        source: "bench", key: DedupKey(tweet: tweet, arrival: arrival),
        arrival: arrival)
    }
    var commit = StoreCommit(arrival: arrival)
    commit.aggregates = aggregator.values
    commit.seen = Array(aggregator.seen.values)
    commit.counters = aggregator.counters
    return commit
  }

  /// A plain large product on one core by our kernels and by OpenBLAS, the yardstick.
  private func products() -> [BenchResult] {
    let size = 1024
    let numbers = [Float](repeating: 0.5, count: size * size)
    let weights = PackedMatrix(numbers.span, rows: size, columns: size)
    var output = [Float](repeating: 0, count: size * size)
    let ours = median(atLeast: 5) {
      var span = output.mutableSpan
      MatrixProduct.multiply(
        numbers.span, aStride: size, rows: size, by: weights, into: &span, cStride: size)
    }
    let threads = OpenBLAS.threads
    OpenBLAS.setThreads(1)
    defer { OpenBLAS.setThreads(threads) }
    let theirs = median(atLeast: 5) {
      var span = output.mutableSpan
      OpenBLAS.gemm(
        transposeA: false, transposeB: false, m: size, n: size, k: size, alpha: 1,
        a: numbers.span, aStride: size, b: numbers.span, bStride: size, beta: 0, c: &span,
        cStride: size)
    }
    let operations = 2 * Double(size * size * size) / 1e9
    return [
      BenchResult(
        stage: "product", rate: operations / ours, unit: "GFLOP/s",
        detail: "1024^3 fp32, one core, our kernels (\(InstructionSet.best.rawValue))"),
      BenchResult(
        stage: "product", rate: operations / theirs, unit: "GFLOP/s",
        detail: "the same by OpenBLAS (\(OpenBLAS.coreName))"),
    ]
  }

  /// The median time of a call, in seconds.
  private func median(atLeast least: Int = 1, _ body: () -> Void) -> Double {
    MedianTime.seconds(runs: max(work.runs, least), body)
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - start).inSeconds
  }
}
