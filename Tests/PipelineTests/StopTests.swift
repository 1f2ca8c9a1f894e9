import Pipeline
import Testing
import Tweets

@Suite(.timeLimit(.minutes(1)))
struct StopTests {
  @Test
  func `a stop drops what waits of files, with all that follows, and keeps what cannot come again`()
    async
  {
    let gate = Gate()
    let started = Counter()
    let fed = Counter()
    let inFile = Script(inode: 3)
    let file: [SourcePoll] = [
      ClosureSource.fileTweet(1, inode: 1), ClosureSource.fileTweet(2, inode: 2),
      ClosureSource.fileTweet(3, inode: 3),
      .notice(.fileFinished(inFile.end)), .notice(.fileForgotten(inFile.start)),
      .notice(.fault(path: "x", reason: "torn")),
      .notice(
        .gap(Gap(source: "files", from: Script.now, to: Script.now, reason: "truncated"))),
    ]
    let bench = Bench(
      [
        ClosureSource(name: "files") { pull in
          guard pull < file.count else { return .finished }
          if pull == 1 { block(until: { started.value > 0 }) }
          _ = fed.next()
          return file[pull]
        },
        ClosureSource(name: "stdin") { pull in
          block(until: { fed.value >= file.count })
          guard pull < 3 else { return .idle }
          _ = fed.next()
          return ClosureSource.tweet(100 + pull)
        },
      ],
      classifier: FakeClassifier {
        _ = started.next()
        await gate.pass()
      }, maxTweets: 1
    ) {
      $0.batchesUnderWay = 1
      $0.channelCapacity = 64
    }
    async let outcome = bench.outcome()
    #expect(await eventually { fed.value == file.count + 3 })
    try? await Task.sleep(for: .milliseconds(20))
    bench.pipeline.stop()
    gate.open()
    #expect(await outcome == nil)
    let kept = bench.store.kept
    // The first tweet of the files was with the model, the second behind it, three came by standard input.
    #expect(kept.tweets == 5)
    #expect(kept.counter("records") == 5)
    #expect(Set(kept.positions.values.map(\.inode)) == [1, 2])
    #expect(kept.finished.isEmpty)
    #expect(kept.gaps.isEmpty)
    #expect(kept.counter("unreadable_files") == 0)
    #expect(!bench.said.value.contains("source finished"))
  }

  @Test func `what says a file is finished is kept when its records were`() async {
    let gate = Gate()
    let started = Counter()
    var script = Script(inode: 2)
    script.add(Script.tweet(1))
    let end = script.end
    let start = script.start
    let records = script.records
    let bench = Bench(
      [
        ClosureSource(name: "files") { pull in
          switch pull {
          case 0:
            return .records(
              RecordBatch(records: records, lines: [1], start: start, path: start.path))
          case 1:
            return .notice(.fileFinished(end))
          default:
            _ = started.next()
            return .finished
          }
        }
      ],
      classifier: FakeClassifier { await gate.pass() }, maxTweets: 1)
    async let outcome = bench.outcome()
    #expect(await eventually { started.value == 1 && bench.classifier.sizes == [1] })
    try? await Task.sleep(for: .milliseconds(20))
    bench.pipeline.stop()
    gate.open()
    #expect(await outcome == nil)
    #expect(Array(bench.store.kept.positions.values) == [end])
    #expect(bench.store.kept.finished == ["files"])
  }

  @Test(arguments: 0..<6)
  func `stops at any moment lose and double nothing`(seed: Int) async {
    let (scripts, expected) = Script.mixed(seed: UInt64(seed), files: 3, records: 30)
    let whole = Bench([FakeSource(scripts: scripts)])
    #expect(await whole.outcome() == nil)
    var kept = Kept()
    var starts = 0
    while kept.finished.isEmpty && starts < 300 {
      let limit = 1 + (seed + starts) % 3
      let calls = Counter()
      let asked = Mutexed<SentimentPipeline?>(nil)
      let bench = Bench(
        [FakeSource(scripts: scripts, pollSize: 1 + starts % 5, positions: kept.positions)],
        store: FakeStore(kept),
        classifier: FakeClassifier {
          if calls.next() == limit { asked.value?.stop() }
        }, maxTweets: 1 + starts % 4)
      asked.change { $0 = bench.pipeline }
      #expect(await bench.outcome() == nil)
      asked.change { $0 = nil }
      kept = bench.store.kept
      starts += 1
    }
    #expect(kept.tweets == expected.alive)
    #expect(kept == whole.store.kept)
    #expect(starts > 1)
  }
}
