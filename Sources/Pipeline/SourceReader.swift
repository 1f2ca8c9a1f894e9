import Dispatch
import Synchronization
package import Tweets

/// Pulls one source on a thread of its own and hands what comes to the pipeline's channel.
///
/// The channel's bound is the back-pressure: while it is full, the thread waits in `send`.
package final class SourceReader: Sendable {
  /// What travels from the readers to the pipeline; the last of each is `finished`, `failed` or `stopped`.
  package enum Message: Sendable {
    case records(RecordBatch, source: String, arrived: ContinuousClock.Instant)
    case notice(SourceNotice, source: String)
    case finished(source: String)
    case failed(source: String, reason: String)
    case stopped(source: String)

    /// The source that it comes from.
    package var source: String {
      switch self {
      case .records(_, let source, _), .notice(_, let source), .finished(let source),
        .failed(let source, _), .stopped(let source):
        source
      }
    }

    /// True for the last message of a source.
    package var isLast: Bool {
      switch self {
      case .records, .notice: false
      case .finished, .failed, .stopped: true
      }
    }
  }

  private let channel: BoundedChannel<Message>
  private let monitor: PipelineMonitor
  private let clock: @Sendable () -> Timestamp
  private let idleWait: Double
  private let recordsPerPoll: Int
  private let stopping = Atomic<Bool>(false)
  private let wake = DispatchSemaphore(value: 0)

  /// A reader that feeds the channel; `idleWait` in seconds is the pause after a pull that gave nothing.
  package init(
    channel: BoundedChannel<Message>, monitor: PipelineMonitor, recordsPerPoll: Int = 64,
    idleWait: Double = 0.1,
    clock: @escaping @Sendable () -> Timestamp
  ) {
    self.channel = channel
    self.monitor = monitor
    self.recordsPerPoll = recordsPerPoll
    self.idleWait = idleWait
    self.clock = clock
  }

  /// Reads until the source is finished or `stop` is called; the blocking calls stay off the shared threads.
  package func run(_ source: any RecordSource) async {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "elmond.source.\(source.name)").async {
        self.loop(source)
        continuation.resume()
      }
    }
  }

  /// Ends `run` after the pull under way.
  package func stop() {
    stopping.store(true, ordering: .relaxed)
    wake.signal()
  }

  private func loop(_ source: any RecordSource) {
    switch source.overload {
    case .wait: readWaiting(source)
    case .shed(let limits): readShedding(source, limits)
    }
  }

  private func readWaiting(_ source: any RecordSource) {
    var source = source
    while !isStopping {
      do {
        guard deliver(try pull(&source), of: source.name) else { return }
      } catch {
        _ = channel.send(.failed(source: source.name, reason: "\(error)"))
        return
      }
    }
    _ = channel.send(.stopped(source: source.name))
  }

  /// Reads on while the channel is full: what waits for room is kept in a backlog, which drops by a sample.
  private func readShedding(_ source: any RecordSource, _ limits: OverloadPolicy.Limits) {
    var source = source
    var backlog = Backlog(source: source.name, limits: limits)
    var isQuiet = false
    var last = Message.stopped(source: source.name)
    reading: while !isStopping {
      let mayRead = backlog.mayRead(at: .now)
      guard drain(&backlog, patience: isQuiet || !mayRead ? 0.02 : 0) else { return }
      guard mayRead else { continue }
      do {
        let poll = try pull(&source)
        isQuiet = false
        switch poll {
        case .records(let batch): take(batch, into: &backlog)
        case .notice(let notice): backlog.append(.notice(notice, source: source.name))
        case .quiet, .idle:
          isQuiet = true
          backlog.sourceIsEmpty()
        case .finished:
          last = .finished(source: source.name)
          break reading
        }
        if case .idle = poll, backlog.first == nil { _ = wake.wait(timeout: .now() + idleWait) }
      } catch {
        last = .failed(source: source.name, reason: "\(error)")
        break
      }
      settle(&backlog, isStopping: false, source.name)
    }
    settle(&backlog, isStopping: true, source.name)
    while let message = backlog.first {
      guard channel.send(message) else { return }
      backlog.removeFirst()
    }
    _ = channel.send(last)
  }

  private var isStopping: Bool { stopping.load(ordering: .relaxed) }

  /// Hands on what the channel has room for within the patience; false when it is closed.
  private func drain(_ backlog: inout Backlog, patience: Double) -> Bool {
    let end = ContinuousClock.now + .milliseconds(50)
    while let message = backlog.first, ContinuousClock.now < end {
      guard let sent = channel.send(message, within: patience) else { return true }
      guard sent else { return false }
      backlog.removeFirst()
    }
    return true
  }

  private func take(_ batch: RecordBatch, into backlog: inout Backlog) {
    let wasShedding = backlog.isShedding
    backlog.append(batch, arrived: .now, now: clock())
    guard backlog.isShedding, !wasShedding else { return }
    let detail = "posts come faster than they are classified; a sample is kept"
    backlog.append(.notice(.state("shedding", detail: detail), source: backlog.source))
  }

  /// Tells of an episode of dropping that is over, or long enough.
  private func settle(_ backlog: inout Backlog, isStopping: Bool, _ name: String) {
    guard let gap = backlog.takeEpisode(at: clock(), isStopping: isStopping) else { return }
    if gap.to.milliseconds + 10_000 <= clock().milliseconds {
      backlog.append(.notice(.state("reading", detail: ""), source: name))
    }
  }

  /// One pull, which the watchdog sees; what follows in `send` is back-pressure and no fault of the source.
  private func pull(_ source: inout any RecordSource) throws -> SourcePoll {
    let name = source.name
    monitor.markReading(name, busy: true, at: .now)
    defer { monitor.markReading(name, busy: false, at: .now) }
    return try source.poll(maxRecords: recordsPerPoll, now: clock())
  }

  /// Hands one pull on; false when the source is done.
  private func deliver(_ poll: SourcePoll, of name: String) -> Bool {
    switch poll {
    case .records(let batch):
      return channel.send(.records(batch, source: name, arrived: .now))
    case .notice(let notice):
      return channel.send(.notice(notice, source: name))
    case .idle:
      _ = wake.wait(timeout: .now() + idleWait)
      return true
    case .quiet: return true
    case .finished:
      _ = channel.send(.finished(source: name))
      return false
    }
  }
}
