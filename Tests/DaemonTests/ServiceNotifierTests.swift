import Glibc
import Testing

import Daemon

@Suite struct ServiceNotifierTests {
  private func exchange(
    over path: String, _ body: (ServiceNotifier) throws -> Void
  ) throws -> [String] {
    let receiver = try UnixReceiver(path)
    try body(ServiceNotifier(environment: ["NOTIFY_SOCKET": path], processID: 1))
    var received: [String] = []
    while let text = receiver.nextText() { received.append(text) }
    return received
  }

  private func conversation(_ notifier: ServiceNotifier) throws {
    try notifier.ready(status: "up")
    try notifier.status("two\nlines\r\nREADY=1 \u{1B}[31mred")
    try notifier.watchdog()
    try notifier.reloading(at: 1_234_567)
    try notifier.extendTimeout(by: .milliseconds(1500))
    try notifier.stopping(status: "draining")
  }

  private static let expected = [
    "READY=1\nSTATUS=up", "STATUS=two lines", "WATCHDOG=1",
    "RELOADING=1\nMONOTONIC_USEC=1234567", "EXTEND_TIMEOUT_USEC=1500000",
    "STOPPING=1\nSTATUS=draining",
  ]

  @Test func `every message is one datagram on a path`() throws {
    try Fixture.withFolder { folder in
      let received = try exchange(over: "\(folder)/n", conversation)
      #expect(received.count == Self.expected.count)
      for (text, expected) in zip(received, Self.expected) { #expect(text.hasPrefix(expected)) }
    }
  }

  @Test func `every message is one datagram on an abstract name`() throws {
    let received = try exchange(over: "@elmond-test-\(getpid())", conversation)
    #expect(received.count == Self.expected.count)
    for (text, expected) in zip(received, Self.expected) { #expect(text.hasPrefix(expected)) }
  }

  @Test func `a status cannot add a field or an escape`() throws {
    let received = try exchange(over: "@elmond-status-\(getpid())") {
      try $0.status("a\nREADY=1\u{2028}b\u{1B}[2J" + String(repeating: "x", count: 5000))
    }
    let text = try #require(received.first)
    #expect(!text.contains("\n"))
    #expect(!text.contains("\u{1B}"))
    #expect(text.count <= 410)
  }

  @Test func `without a service manager nothing happens`() throws {
    let notifier = try ServiceNotifier(environment: [:], processID: 1)
    try conversation(notifier)
    #expect(notifier.socketPath == nil)
    #expect(notifier.watchdogPeriod == nil)
  }

  @Test(arguments: ["/" + String(repeating: "x", count: 107), "relative", "vsock:2:1234", "@"])
  func `an address that cannot be one is refused`(path: String) {
    #expect(throws: NotifyFailure.self) {
      try ServiceNotifier(environment: ["NOTIFY_SOCKET": path], processID: 1)
    }
  }

  @Test func `a path of the greatest length is taken`() throws {
    let path = "/" + String(repeating: "x", count: 106)
    #expect(
      try ServiceNotifier(environment: ["NOTIFY_SOCKET": path], processID: 1).socketPath == path)
  }

  @Test func `a socket that is gone is told with its cause`() throws {
    let notifier = try ServiceNotifier(
      environment: ["NOTIFY_SOCKET": "/no-such-folder/n"], processID: 1)
    let failure = #expect(throws: NotifyFailure.self) { try notifier.watchdog() }
    #expect(
      failure?.description
        == "cannot notify the service manager on /no-such-folder/n: No such file or directory")
  }

  @Test(arguments: [
    (["WATCHDOG_USEC": "60000000"], Duration.seconds(30)),
    (["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"], .seconds(30)),
    (["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"], nil),
    (["WATCHDOG_USEC": "soon"], nil), (["WATCHDOG_USEC": "0"], nil), ([:], nil),
  ])
  func `the watchdog is due at half its time, and only for our process`(
    environment: [String: String], period: Duration?
  ) throws {
    let notifier = try ServiceNotifier(environment: environment, processID: 7)
    #expect(notifier.watchdogPeriod == period)
  }

  @Test func `the monotonic clock goes on`() {
    let first = ServiceNotifier.monotonicMicroseconds()
    #expect(first > 0)
    #expect(ServiceNotifier.monotonicMicroseconds() >= first)
  }
}
