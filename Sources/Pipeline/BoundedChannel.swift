import Dispatch

/// The one queue between the reading threads and the pipeline: a full queue blocks the readers, which
/// is how a slow classifier slows its sources.
///
/// Many threads send, one task receives.
package final class BoundedChannel<Element: Sendable>: Sendable {
  /// What a call of `receive` can bring.
  package enum Received: Sendable {
    case element(Element)
    /// The deadline passed and nothing had come.
    case timeout
    /// The channel is closed and empty.
    case end
  }

  private struct State: Sendable {
    var elements: [Element] = []
    var head = 0
    var waiter: (ticket: Int, continuation: CheckedContinuation<Received, Never>)?
    var tickets = 0
    var expired = 0
    var closed = false

    var count: Int { elements.count - head }

    mutating func take() -> Element? {
      guard head < elements.count else { return nil }
      let element = elements[head]
      head += 1
      // A queue that is never empty would keep all it ever held.
      if head >= 16 || head == elements.count {
        elements.removeSubrange(0..<head)
        head = 0
      }
      return element
    }
  }

  private let state = Guarded(State())
  private let slots = DispatchSemaphore(value: 0)

  /// A channel that holds at most `capacity` elements.
  package init(capacity: Int) {
    precondition(capacity > 0, "a channel needs room for at least 1 element, not \(capacity)")
    // Counted up from 0: a semaphore that is freed below its starting value is a trap of libdispatch.
    for _ in 0..<capacity { slots.signal() }
  }

  /// How many elements wait.
  package var count: Int { state.withLock { $0.count } }

  /// Hands an element over; blocks the calling thread while the channel is full. False when closed.
  package func send(_ element: Element) -> Bool {
    slots.wait()
    return fill(element)
  }

  /// Hands an element over unless the channel stays full for that long, in seconds; nil when it did, false when
  /// closed.
  package func send(_ element: Element, within seconds: Double) -> Bool? {
    guard slots.wait(timeout: .now() + seconds) == .success else { return nil }
    return fill(element)
  }

  /// Puts an element into the slot that was taken for it.
  private func fill(_ element: Element) -> Bool {
    let waiter: CheckedContinuation<Received, Never>?
    var sent = true
    (waiter, sent) = state.withLock { state in
      if state.closed { return (nil, false) }
      if let waiter = state.waiter {
        state.waiter = nil
        return (waiter.continuation, true)
      }
      state.elements.append(element)
      return (nil, true)
    }
    if let waiter {
      slots.signal()
      waiter.resume(returning: .element(element))
    }
    if !sent { slots.signal() }
    return sent
  }

  /// No more elements: what is queued can still be received, blocked senders return false.
  package func close() {
    let waiter = state.withLock { state in
      state.closed = true
      defer { state.waiter = nil }
      return state.waiter?.continuation
    }
    slots.signal()
    waiter?.resume(returning: .end)
  }

  /// The next element; waits for it until the deadline, or for ever without one.
  package func receive(until deadline: ContinuousClock.Instant? = nil) async -> Received {
    let (ready, ticket) = state.withLock { state -> (Received?, Int) in
      if let element = state.take() { return (.element(element), 0) }
      if state.closed { return (.end, 0) }
      if let deadline, ContinuousClock.now >= deadline { return (.timeout, 0) }
      state.tickets += 1
      return (nil, state.tickets)
    }
    if let ready {
      if case .element = ready { slots.signal() }
      return ready
    }
    let timer = deadline.map { deadline in
      Task {
        try? await Task.sleep(until: deadline, clock: .continuous)
        self.expire(ticket)
      }
    }
    defer { timer?.cancel() }
    return await withCheckedContinuation { continuation in
      let now = state.withLock { state -> Received? in
        if let element = state.take() { return .element(element) }
        if state.closed { return .end }
        precondition(state.waiter == nil, "a channel has one receiver, a second one came")
        // The timer may have been faster than this.
        if state.expired == ticket { return .timeout }
        state.waiter = (ticket, continuation)
        return nil
      }
      guard let now else { return }
      if case .element = now { slots.signal() }
      continuation.resume(returning: now)
    }
  }

  private func expire(_ ticket: Int) {
    let waiter = state.withLock { state -> CheckedContinuation<Received, Never>? in
      state.expired = max(state.expired, ticket)
      guard let waiter = state.waiter, waiter.ticket == ticket else { return nil }
      state.waiter = nil
      return waiter.continuation
    }
    waiter?.resume(returning: .timeout)
  }
}
