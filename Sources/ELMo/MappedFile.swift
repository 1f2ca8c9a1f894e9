import Glibc

/// A file mapped read only, for as long as this object lives.
///
/// `@unchecked Sendable`: base and size never change, and the pages are never written.
@safe
final class MappedFile: @unchecked Sendable {
  let path: String
  let count: Int
  private let base: UnsafeRawPointer?

  init(_ path: String) throws(ModelError) {
    func fail(_ operation: String) -> ModelError {
      .system(operation: operation, path: path, cause: unsafe String(cString: strerror(errno)))
    }
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw fail("open") }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw fail("read the size of") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .malformedFile(file: path, cause: "not a plain file")
    }
    self.path = path
    count = Int(status.st_size)
    if count == 0 {
      unsafe base = nil
    } else {
      guard let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0),
        unsafe start != MAP_FAILED
      else { throw fail("map") }
      unsafe base = UnsafeRawPointer(start)
    }
  }

  deinit {
    if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// The bytes; valid inside `body` only.
  func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "bytes \(range) of a file of \(count) bytes")
    return unsafe try body(
      UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(start: base, count: count)[range]))
  }

  /// Gives back the memory of bytes that are not needed soon; reading them again brings them back.
  func release(_ range: Range<Int>) {
    guard let base = unsafe base else { return }
    let page = Int(getpagesize())
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard start < end else { return }
    _ = unsafe madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }
}
