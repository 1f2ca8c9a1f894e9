/// How far a file has been read: what a restart needs to go on at the next record.
package struct FilePosition: Sendable, Equatable {
  /// The path when the position was taken; a rotated file may have moved since.
  package var path: String
  /// Device number of the file.
  package var device: UInt64
  /// Inode number of the file.
  package var inode: UInt64
  /// Hash of the first `fingerprintLength` decompressed bytes, which tells a new file at a reused inode.
  package var fingerprint: UInt64
  /// How many decompressed bytes the fingerprint covers.
  package var fingerprintLength: Int64
  /// The compression: `plain`, `gzip`, `bzip2`, `xz`, `zstd`.
  package var codec: String
  /// Decompressed offset after the last record that is committed whole.
  package var offset: Int64
  /// Lines before `offset`, so that messages name the right line after a restart.
  package var line: Int
  /// Tweets of the record at `offset` that are committed already (a page holds many).
  package var itemsDone: Int
  /// True once the file was read to its end and is not followed.
  package var finished: Bool
  /// True when the content was found to be no tweets.
  package var isRefused: Bool
  /// Decompressed bytes at the beginning that decided format and encoding; a restart decides by the same bytes.
  package var sniffed: Int64
  /// What the bytes are: `json`, `csv`, `text`, `mixed`, `events`; empty while that is not known.
  package var format: String
  /// How characters are written: `utf-8`, `windows-1252`, `utf-16le`, …; empty while that is not known.
  package var encoding: String
  /// In an archive the name of the member under way, to which `offset` and what follows it belong; else empty.
  package var member: String
  /// The member's place in the archive, from 1; the members before it are done. 0 outside an archive.
  package var memberNumber: Int

  /// A position from its parts.
  package init(
    path: String, device: UInt64, inode: UInt64, fingerprint: UInt64, fingerprintLength: Int64,
    codec: String, offset: Int64, line: Int, itemsDone: Int = 0, finished: Bool = false,
    isRefused: Bool = false,
    sniffed: Int64 = 0, format: String = "", encoding: String = "",
    member: String = "", memberNumber: Int = 0
  ) {
    self.path = path
    self.device = device
    self.inode = inode
    self.fingerprint = fingerprint
    self.fingerprintLength = fingerprintLength
    self.codec = codec
    self.offset = offset
    self.line = line
    self.itemsDone = itemsDone
    self.finished = finished
    self.isRefused = isRefused
    self.sniffed = sniffed
    self.format = format
    self.encoding = encoding
    self.member = member
    self.memberNumber = memberNumber
  }

  /// The path for people: that of the member in an archive.
  package var shownPath: String { memberNumber == 0 ? path : "\(path)!\(member)" }
}
