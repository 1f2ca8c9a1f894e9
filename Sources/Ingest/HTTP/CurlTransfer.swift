internal import CCurl
import Glibc

/// A request of libcurl that is under way; what came of the answer is taken piece by piece.
///
/// One thread uses it at a time: the handles are not bound to a thread, which is why it may be sent to another.
struct CurlTransfer: ~Copyable, @unchecked Sendable {
  /// How far the transfer is.
  enum Progress: Sendable, Equatable {
    case underWay
    case done
    case failed(NetworkError)
  }

  private let handle: CurlHandle
  private let inbox: CurlInbox
  private let host: String
  private(set) var progress = Progress.underWay

  /// Begins a request; nothing is sent before `pull`.
  ///
  /// `mostBodyBytes`: a longer answer fails; nil: a stream. `connectOnly`: the connection alone, TLS included.
  init(
    _ request: HTTPRequest, _ options: NetworkOptions, timeout: Duration? = nil,
    mostBodyBytes: Int? = nil, connectOnly: Bool = false
  ) throws(NetworkError) {
    let host = URLText.host(of: request.url) ?? "?"
    guard URLText.isSafe(request.url) else {
      let shown = request.url.prefix { $0 != "?" }
      throw NetworkError(.refused, host: host, "expected an https address, found \(shown)")
    }
    let handle = try CurlHandle(host: host)
    let inbox = CurlInbox(mostBodyBytes: mostBodyBytes)
    var lines = request.headers + ["User-Agent: \(options.userAgent)"]
    if let token = request.token { lines.append(token.authorization) }
    if request.json != nil { lines.append("Content-Type: application/json") }
    lines.append("Expect:")  // No waiting for an interim answer.
    try CurlTransfer.secure(handle, host: host, options)
    try handle.set(CURLOPT_URL, request.url)
    try handle.set(headers: lines)
    try unsafe handle.set(CURLOPT_ERRORBUFFER, pointer: inbox.words)
    let address = unsafe Unmanaged.passUnretained(inbox).toOpaque()
    try unsafe handle.set(CURLOPT_WRITEDATA, pointer: address)
    try unsafe handle.set(CURLOPT_HEADERDATA, pointer: address)
    try unsafe handle.set(CURLOPT_WRITEFUNCTION, callback: CurlInbox.onBody)
    try unsafe handle.set(CURLOPT_HEADERFUNCTION, callback: CurlInbox.onHeader)
    if let timeout { try handle.set(CURLOPT_TIMEOUT_MS, timeout.wholeMilliseconds) }
    // A bare connection is ours once it stands; it must not be closed for being forbidden to others.
    try handle.set(connectOnly ? CURLOPT_CONNECT_ONLY : CURLOPT_FORBID_REUSE, 1)
    if let json = request.json {
      try handle.set(CURLOPT_POSTFIELDSIZE, json.count)
      try handle.set(CURLOPT_COPYPOSTFIELDS, String(decoding: json, as: UTF8.self))
    }
    guard unsafe curl_multi_add_handle(handle.multi, handle.easy) == CURLM_OK else {
      throw NetworkError(.refused, host: host, "libcurl does not take the request")
    }
    self.host = host
    self.handle = handle
    self.inbox = inbox
  }

  /// What holds for every request, with a token or without: a server that we can trust, and no other.
  private static func secure(
    _ handle: CurlHandle, host: String, _ options: NetworkOptions
  ) throws(NetworkError) {
    let isLocal = URLText.isLoopback(host)
    try handle.set(CURLOPT_PROTOCOLS_STR, isLocal ? "http,https" : "https")
    try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
    try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
    try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let authorities = options.authorities { try handle.set(CURLOPT_CAINFO, authorities) }
    try handle.set(CURLOPT_FOLLOWLOCATION, 0)
    try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try handle.set(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.wholeMilliseconds)
    try handle.set(CURLOPT_TCP_KEEPALIVE, 1)
    try handle.set(CURLOPT_TCP_KEEPIDLE, 30)
    try handle.set(CURLOPT_TCP_KEEPINTVL, 10)
    // The name is looked up again at each connection.
    try handle.set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
    try handle.set(CURLOPT_FRESH_CONNECT, 1)
    // Signals belong to the program, not to a resolver's timeout.
    try handle.set(CURLOPT_NOSIGNAL, 1)
    try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if isLocal { try handle.set(CURLOPT_PROXY, "") }
  }

  /// Lets libcurl work; waits at most that long for something to come.
  mutating func pull(wait: Duration) {
    guard progress == .underWay else { return }
    perform()
    guard progress == .underWay, inbox.body.isEmpty else { return }
    _ = unsafe curl_multi_poll(handle.multi, nil, 0, Int32(clamping: wait.wholeMilliseconds), nil)
    perform()
  }

  private mutating func perform() {
    var running: Int32 = 0
    guard unsafe curl_multi_perform(handle.multi, &running) == CURLM_OK else {
      progress = .failed(NetworkError(.broken, host: host, "libcurl cannot go on"))
      return
    }
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(handle.multi, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
      let code = unsafe message.pointee.data.result
      progress =
        code == CURLE_OK
        ? .done : .failed(NetworkError(code: code, detail: inbox.errorWords, host: host))
    }
  }

  /// The status of the answer once its head is complete; 0 before.
  var status: Int {
    var code = 0
    // A head is complete when its empty line has come.
    guard inbox.headers.last == "" else { return 0 }
    _ = unsafe elmond_curl_get_long(handle.easy, CURLINFO_RESPONSE_CODE, &code)
    return code
  }

  /// The last header of that name, in lower case.
  func header(_ name: String) -> String? {
    for line in inbox.headers.reversed() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      guard line[..<colon].lowercased() == name else { continue }
      var value = line[line.index(after: colon)...]
      while value.first == " " || value.first == "\t" { value.removeFirst() }
      return String(value)
    }
    return nil
  }

  /// The bytes of the body that came since the last call.
  mutating func takeBody() -> [UInt8] {
    let bytes = inbox.body
    inbox.body = []
    return bytes
  }

  // MARK: The bare connection, once `progress` is `done`

  /// Sends bytes, at most all of them; how many went, 0 when the socket is full.
  func send(_ bytes: ArraySlice<UInt8>) throws(NetworkError) -> Int {
    var sent = 0
    let code = unsafe bytes.withUnsafeBytes {
      unsafe curl_easy_send(handle.easy, $0.baseAddress, $0.count, &sent)
    }
    if code == CURLE_AGAIN { return 0 }
    guard code == CURLE_OK else {
      throw NetworkError(code: code, detail: inbox.errorWords, host: host)
    }
    return sent
  }

  /// Receives what is there, at most a bufferful; nil when nothing is, 0 at the end.
  func receive(into buffer: inout [UInt8]) throws(NetworkError) -> Int? {
    var count = 0
    let code = unsafe buffer.withUnsafeMutableBytes {
      unsafe curl_easy_recv(handle.easy, $0.baseAddress, $0.count, &count)
    }
    if code == CURLE_AGAIN { return nil }
    guard code == CURLE_OK else {
      throw NetworkError(code: code, detail: inbox.errorWords, host: host)
    }
    return count
  }

  /// Waits until something can be received, or sent when that is wanted.
  func waitForSocket(_ wait: Duration, toSend: Bool) {
    var socket = curl_socket_t(-1)
    guard unsafe elmond_curl_get_socket(handle.easy, &socket) == CURLE_OK, socket >= 0 else {
      return
    }
    let events = Int16(POLLIN) | (toSend ? Int16(POLLOUT) : 0)
    var request = pollfd(fd: socket, events: events, revents: 0)
    _ = unsafe poll(&request, 1, Int32(clamping: wait.wholeMilliseconds))
  }
}

extension Duration {
  /// Whole milliseconds, rounded down.
  var wholeMilliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }
}
