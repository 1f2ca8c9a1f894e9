import Dispatch
import Pipeline
import Testing

struct BoundedChannelTests {
  @Test func `elements come out in the order they went in`() async {
    let channel = BoundedChannel<Int>(capacity: 4)
    DispatchQueue.global().async {
      for i in 0..<1000 { _ = channel.send(i) }
      channel.close()
    }
    var received: [Int] = []
    while case .element(let element) = await channel.receive() { received.append(element) }
    #expect(received == Array(0..<1000))
  }

  @Test func `a full channel blocks its sender until there is room`() async {
    let channel = BoundedChannel<Int>(capacity: 2)
    let sent = Counter()
    DispatchQueue.global().async {
      for i in 0..<5 where channel.send(i) { _ = sent.next() }
    }
    while channel.count < 2 { await Task.yield() }
    try? await Task.sleep(for: .milliseconds(30))
    #expect(sent.value == 2)
    for expected in 0..<5 {
      guard case .element(let element) = await channel.receive() else {
        Issue.record("element \(expected) did not come")
        return
      }
      #expect(element == expected)
    }
  }

  @Test func `a queue that is never empty does not keep what was received`() async {
    final class Load: Sendable {}
    let channel = BoundedChannel<Load>(capacity: 4)
    weak var first: Load?
    do {
      let load = Load()
      first = load
      _ = channel.send(load)
    }
    for _ in 0..<64 {
      _ = channel.send(Load())
      guard case .element = await channel.receive() else {
        Issue.record("an element was lost")
        return
      }
    }
    #expect(channel.count == 1)
    #expect(first == nil)
  }

  @Test func `a receiver waits no longer than its deadline`() async {
    let channel = BoundedChannel<Int>(capacity: 1)
    guard case .timeout = await channel.receive(until: .now + .milliseconds(10)) else {
      Issue.record("no timeout came")
      return
    }
    #expect(channel.send(7))
    guard case .element(7) = await channel.receive(until: .now + .seconds(5)) else {
      Issue.record("the element after the timeout was lost")
      return
    }
  }

  @Test func `a receiver past its deadline still gets what waits`() async {
    let channel = BoundedChannel<Int>(capacity: 1)
    #expect(channel.send(7))
    guard case .element(7) = await channel.receive(until: .now - .seconds(1)) else {
      Issue.record("the element that waited did not come")
      return
    }
    guard case .timeout = await channel.receive(until: .now - .seconds(1)) else {
      Issue.record("no timeout came")
      return
    }
  }

  @Test func `deadlines that race with senders lose nothing`() async {
    let channel = BoundedChannel<Int>(capacity: 2)
    DispatchQueue(label: "sender").async {
      for i in 0..<2000 { _ = channel.send(i) }
      channel.close()
    }
    var received: [Int] = []
    var random = SeededGenerator(seed: 1)
    receiving: while true {
      let wait = Duration.microseconds(Int.random(in: 0...40, using: &random))
      switch await channel.receive(until: .now + wait) {
      case .element(let element): received.append(element)
      case .timeout: continue
      case .end: break receiving
      }
    }
    #expect(received == Array(0..<2000))
  }

  @Test func `what was sent before the end is still received`() async {
    let channel = BoundedChannel<Int>(capacity: 3)
    _ = channel.send(1)
    _ = channel.send(2)
    channel.close()
    #expect(!channel.send(3))
    var received: [Int] = []
    while case .element(let element) = await channel.receive() { received.append(element) }
    #expect(received == [1, 2])
  }

  @Test func `closing frees every blocked sender`() async {
    let channel = BoundedChannel<Int>(capacity: 1)
    let refused = Counter()
    _ = channel.send(0)
    await withTaskGroup(of: Void.self) { group in
      for i in 1...4 {
        group.addTask {
          await withCheckedContinuation { continuation in
            DispatchQueue(label: "sender \(i)").async {
              if !channel.send(i) { _ = refused.next() }
              continuation.resume()
            }
          }
        }
      }
      try? await Task.sleep(for: .milliseconds(20))
      channel.close()
    }
    #expect(refused.value == 4)
  }
}
