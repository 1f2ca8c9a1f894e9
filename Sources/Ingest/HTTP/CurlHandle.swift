internal import CCurl

/// libcurl's handles of one request; freed together. Every call is checked and names its option.
@safe
final class CurlHandle {
  let easy: UnsafeMutableRawPointer
  let multi: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  private let host: String

  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init(host: String) throws(NetworkError) {
    guard CurlHandle.isReady, let easy = unsafe curl_easy_init(),
      let multi = unsafe curl_multi_init()
    else { throw NetworkError(.refused, host: host, "libcurl gives no handle") }
    unsafe self.easy = unsafe easy
    unsafe self.multi = unsafe multi
    self.host = host
  }

  deinit {
    unsafe curl_multi_remove_handle(multi, easy)
    unsafe curl_easy_cleanup(easy)
    unsafe curl_multi_cleanup(multi)
    unsafe curl_slist_free_all(headers)
  }

  /// Sends these headers; once for a handle.
  func set(headers lines: [String]) throws(NetworkError) {
    for line in lines { unsafe headers = unsafe curl_slist_append(headers, line) }
    try unsafe set(CURLOPT_HTTPHEADER, pointer: headers)
  }

  func set(_ option: CURLoption, _ value: Int) throws(NetworkError) {
    try check(unsafe elmond_curl_set_long(easy, option, value), option)
  }

  func set(_ option: CURLoption, _ value: String) throws(NetworkError) {
    try check(unsafe elmond_curl_set_text(easy, option, value), option)
  }

  /// The pointer must outlive the transfer.
  @unsafe
  func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) throws(NetworkError) {
    try check(unsafe elmond_curl_set_pointer(easy, option, pointer), option)
  }

  func set(_ option: CURLoption, callback: curl_write_callback) throws(NetworkError) {
    try check(unsafe elmond_curl_set_callback(easy, option, callback), option)
  }

  private func check(_ code: CURLcode, _ option: CURLoption) throws(NetworkError) {
    guard code == CURLE_OK else {
      let words = unsafe String(cString: curl_easy_strerror(code))
      throw NetworkError(
        .refused, host: host, "cannot set libcurl's option \(option.rawValue): \(words)")
    }
  }
}
