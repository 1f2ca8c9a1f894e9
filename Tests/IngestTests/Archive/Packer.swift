import CArchive
import Testing

/// One entry of an archive of the tests.
struct Packed {
  var name: String
  var bytes: [UInt8]
  var isFolder = false

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

  init(folder name: String) {
    self.init(name, [])
    isFolder = true
  }
}

/// libarchive gave no handle.
struct PackingFailed: Error {}

/// Makes a ZIP or tar archive in memory with libarchive itself, so that no tool is needed.
func pack(_ entries: [Packed], zip: Bool) throws -> [UInt8] {
  guard let handle = unsafe archive_write_new() else { throw PackingFailed() }
  defer { unsafe archive_write_free(handle) }
  if zip {
    unsafe archive_write_set_format_zip(handle)
  } else {
    unsafe archive_write_set_format_pax_restricted(handle)
  }
  let room = entries.reduce(1 << 20) { $0 + $1.bytes.count + 4096 }
  var output = [UInt8](repeating: 0, count: room)
  var used = 0
  try unsafe output.withUnsafeMutableBytes { buffer in
    let opened = unsafe archive_write_open_memory(
      handle, buffer.baseAddress, buffer.count, &used)
    try #require(opened == ARCHIVE_OK)
    for packed in entries {
      guard let entry = unsafe archive_entry_new() else { throw PackingFailed() }
      defer { unsafe archive_entry_free(entry) }
      unsafe archive_entry_set_pathname(entry, packed.name)
      unsafe archive_entry_set_size(entry, Int64(packed.bytes.count))
      unsafe archive_entry_set_filetype(entry, packed.isFolder ? 0o040000 : 0o100000)
      unsafe archive_entry_set_perm(entry, 0o644)
      try #require(unsafe archive_write_header(handle, entry) == ARCHIVE_OK)
      unsafe packed.bytes.withUnsafeBytes { bytes in
        _ = unsafe archive_write_data(handle, bytes.baseAddress, bytes.count)
      }
    }
    try #require(unsafe archive_write_close(handle) == ARCHIVE_OK)
  }
  return Array(output[..<used])
}
