/// An archive that a file reader is in, and the member that it reads.
struct OpenArchive: Sendable {
  /// The archive itself.
  let reader: ArchiveReader
  /// The beginning of the archive's bytes, by which it is recognised again.
  let fingerprint: PrefixFingerprint
  /// `zip`, `tar`, `tar.gzip` and so on.
  let container: String
  /// The member that is being read, or was read last.
  var member: ArchiveReader.Member?
  /// Members that were read, at least in part.
  var membersRead = 0
  /// True when the stored position says that the member was refused.
  var wasRefused = false
}
