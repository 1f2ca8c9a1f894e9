import Tweets

/// Archives: the members are read one after the other, each with its own format, place and refusal.
///
/// A position names the member under way; the members before it are done. So one position is enough for an
/// archive of any size, and after a crash reading goes on in the middle of a member.
extension FileReader {
  /// Goes to the next member that is to be read; false when this is no archive or there is none.
  mutating func enterNextMember() throws(IngestError) -> Bool {
    if archive == nil {
      guard kind?.isArchive == true else { return false }
      try openArchive()
    } else {
      leaveMember()
    }
    while let member = try nextEntry() {
      if admit(member) {
        begin(member)
        return true
      }
    }
    return false
  }

  /// Opens the archive whose first bytes wait.
  mutating func openArchive() throws(IngestError) {
    guard let found = kind, found.isArchive else { return }
    let codec = stream.codec ?? .plain
    let word = found == .zip ? "zip" : "tar"
    var whole = DecompressingReader(.nothing, path: path, limits: options.decompression)
    swap(&whole, &stream)
    let reader = try ArchiveReader(
      whole, ahead: held, kind: found, path: path, limits: options.decompression)
    archive = OpenArchive(
      reader: reader, fingerprint: fingerprint,
      container: codec == .plain ? word : "\(word).\(codec.rawValue)")
    held = []
  }

  /// The next entry; nil at the end, where an archive without any file of tweets is refused.
  private mutating func nextEntry() throws(IngestError) -> ArchiveReader.Member? {
    if let member = try archive?.reader.next() { return member }
    guard let archive, archive.membersRead == 0 else { return nil }
    throw IngestError(
      kind: .foreign, operation: "read", subject: path,
      cause: "it is an archive (\(archive.container)) without a file of tweets",
      remedy: "name files of tweets: JSON, CSV or text")
  }

  /// True for a member that is to be read; what is left out is told.
  private mutating func admit(_ member: ArchiveReader.Member) -> Bool {
    archive?.member = member
    reset()
    switch FileReader.judge(member) {
    case .read: return true
    case .passOver: break
    case .leave(let state, let reason, let remedy): note(state, reason, remedy)
    }
    return false
  }

  /// What is to be done with a member by its kind and name.
  private enum Verdict {
    case read
    /// It is not worth a word.
    case passOver
    case leave(FileState, reason: String, remedy: String)
  }

  private static func judge(_ member: ArchiveReader.Member) -> Verdict {
    switch member.kind {
    case .folder: return .passOver
    case .encrypted:
      return .leave(
        .refused, reason: "it is encrypted", remedy: "unpack it with its password")
    case .other: return .leave(.unread, reason: "it is a link or a device", remedy: "")
    case .file:
      if UnreadFile.isDebris(member.name) { return .passOver }
      guard let reason = UnreadFile.reason(name: member.name) else { return .read }
      return .leave(.unread, reason: reason, remedy: "")
    }
  }

  /// Begins to read a member at its first byte.
  private mutating func begin(_ member: ArchiveReader.Member) {
    guard let reader = archive?.reader else { return }
    archive?.member = member
    reset()
    isInMember = true
    stream = DecompressingReader(
      .member(reader), path: shownPath, limits: options.decompression)
  }

  /// Forgets what belongs to the member before.
  private mutating func reset() {
    offset = 0
    line = 0
    itemsDone = 0
    kind = nil
    held = []
    fingerprint = PrefixFingerprint()
    sniffed = 0
    transcoder = Transcoder()
    toldReplaced = 0
    opening = nil
    framer = RecordFramer(
      hints: options.hints(named: FileReader.lastComponent(of: nameForFormat)),
      limits: options.frame)
    archive?.wasRefused = false
  }

  /// Tells that the member was read to its end, or why not.
  private mutating func leaveMember() {
    guard isInMember else { return }
    isInMember = false
    if let replaced = replacement() { notes.append(replaced) }
    guard let error = memberFailure.take() else {
      archive?.membersRead += 1
      notes.append(
        .file(FileNote(path: shownPath, state: .finished, facts: facts, position: position)))
      return
    }
    switch error.kind {
    case .foreign: note(.refused, error.cause, error.remedy)
    case .unread: note(.unread, error.cause, "")
    default:
      archive?.membersRead += 1
      notes.append(.fault(path: shownPath, reason: error.description))
      note(.failed, error.cause, error.remedy)
    }
  }

  private mutating func note(_ state: FileState, _ reason: String, _ remedy: String) {
    var position = position
    position.isRefused = state == .refused
    notes.append(
      .file(
        FileNote(
          path: shownPath, state: state, facts: facts, reason: reason, remedy: remedy,
          position: position, isFirst: archive?.wasRefused != true)))
  }

  /// Goes to the member of a stored position.
  mutating func enterMember(of position: FilePosition) throws(IngestError) -> Resumption {
    try openArchive()
    guard position.memberNumber > 0 else { return .resumed }
    while let member = try archive?.reader.next() {
      guard member.number == position.memberNumber else { continue }
      guard member.name == position.member else { return .other }
      archive?.member = member
      archive?.membersRead = 1
      // A member that was left out was told of before the position was stored.
      guard case .read = FileReader.judge(member) else { return .resumed }
      begin(member)
      archive?.wasRefused = position.isRefused
      return try goTo(position, behind: [])
    }
    return .short
  }
}
