import Dispatch
import Pipeline
import Synchronization
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
    let sent = Tally()
    DispatchQueue.global().async {
      for i in 0..<5 where channel.send(i) { sent.add() }
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
    let refused = Tally()
    _ = channel.send(0)
    await withTaskGroup(of: Void.self) { group in
      for i in 1...4 {
        group.addTask {
          await withCheckedContinuation { continuation in
            DispatchQueue(label: "sender \(i)").async {
              if !channel.send(i) { refused.add() }
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

/// A number that several threads count up.
private final class Tally: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add() { count.add(1, ordering: .relaxed) }
}
