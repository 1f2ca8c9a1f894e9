import Tweets

/// What a directory source knows of its files, in some 100 bytes a file: there may be a million.
///
/// Paths are not kept, only hashes of them, by which a file is recognised that was replaced or packed in place.
struct KnownFiles: Sendable {
  /// A file as it is kept; `KnownFile` is its form for use.
  private struct Entry: Sendable {
    var inode: UInt64
    var fingerprint: UInt64
    var stem: UInt64
    var offset: Int64
    var size: Int64
    var modified: Int64
    var lookedAt: Int64
    var line: UInt32
    var itemsDone: UInt32
    var memberNumber: UInt32
    var scan: UInt32
    var device: UInt16
    var fingerprintLength: UInt16
    var codec: UInt8
    var fault: UInt8
    var flags: Flags
  }

  private struct Flags: OptionSet {
    var rawValue: UInt8
    static let isFinished = Flags(rawValue: 1)
    static let isRefused = Flags(rawValue: 2)
    static let isPartial = Flags(rawValue: 4)
    static let hasLook = Flags(rawValue: 8)
  }

  private var entries: [Entry] = []
  private var free: [Int32] = []
  private var places: [KnownFile.Key: Int32] = [:]
  private var byStem: [UInt64: Int32] = [:]
  private var members: [Int32: String] = [:]
  private var devices: [UInt64] = []
  private var codecs: [String] = []
  private var scan: UInt32 = 1

  /// How many files are known.
  var count: Int { places.count }

  /// What is known of a file; setting nil forgets it.
  subscript(key: KnownFile.Key) -> KnownFile? {
    get { places[key].map { file(at: $0) } }
    set {
      guard let newValue else {
        forget(key)
        return
      }
      set(newValue, for: key)
    }
  }

  /// The file that was known under a path, or under the path of its packed or unpacked form.
  func relative(of path: String) -> (key: KnownFile.Key, file: KnownFile)? {
    let stem = KnownFiles.stem(of: path)
    guard let place = byStem[stem] else { return nil }
    let entry = entries[Int(place)]
    guard entry.stem == stem else { return nil }  // Its inode has another path now.
    return (
      KnownFile.Key(device: devices[Int(entry.device)], inode: entry.inode), file(at: place)
    )
  }

  // MARK: Scans of the folder

  /// Begins a scan: no file is present until it is marked.
  mutating func beginScan() { scan &+= 1 }

  /// Marks a file as present in this scan.
  mutating func markPresent(_ key: KnownFile.Key) {
    guard let place = places[key] else { return }
    entries[Int(place)].scan = scan
  }

  /// True when the last scan has met the file.
  func isPresent(_ key: KnownFile.Key) -> Bool {
    places[key].map { entries[Int($0)].scan == scan } ?? false
  }

  /// The files that are gone, those that were looked at first in front, as many as exceed the limit.
  func goneFiles(beyond limit: Int) -> [KnownFile.Key] {
    guard count > limit else { return [] }
    let gone = places.filter { entries[Int($0.value)].scan != scan }
    return gone.sorted {
      entries[Int($0.value)].lookedAt < entries[Int($1.value)].lookedAt
    }
    .prefix(count - limit).map(\.key)
  }

  // MARK: Packing

  private mutating func set(_ file: KnownFile, for key: KnownFile.Key) {
    let position = file.position
    var flags: Flags = []
    if position.finished { flags.insert(.isFinished) }
    if position.isRefused { flags.insert(.isRefused) }
    if file.isPartial { flags.insert(.isPartial) }
    if file.look != nil { flags.insert(.hasLook) }
    let place = places[key] ?? free.popLast() ?? Int32(entries.count)
    let entry = Entry(
      inode: key.inode, fingerprint: position.fingerprint,
      stem: position.path.isEmpty && Int(place) < entries.count
        ? entries[Int(place)].stem : KnownFiles.stem(of: position.path),
      offset: position.offset, size: file.look?.size ?? 0, modified: file.look?.modified ?? 0,
      lookedAt: file.lookedAt.milliseconds, line: UInt32(clamping: position.line),
      itemsDone: UInt32(clamping: position.itemsDone),
      memberNumber: UInt32(clamping: position.memberNumber), scan: scan,
      device: KnownFiles.intern(key.device, in: &devices),
      fingerprintLength: UInt16(clamping: position.fingerprintLength),
      codec: UInt8(clamping: Int(KnownFiles.intern(position.codec, in: &codecs))),
      fault: file.fault.map { UInt8(1 + $0.rawValue) } ?? 0, flags: flags)
    if Int(place) == entries.count {
      entries.append(entry)
    } else {
      entries[Int(place)] = entry
    }
    places[key] = place
    members[place] = position.member.isEmpty ? nil : position.member
    // Of a file and its packed form the one counts that is read further.
    if let other = byStem[entry.stem], other != place, entries[Int(other)].stem == entry.stem,
      entries[Int(other)].offset > entry.offset
    {
      return
    }
    byStem[entry.stem] = place
  }

  private mutating func forget(_ key: KnownFile.Key) {
    guard let place = places.removeValue(forKey: key) else { return }
    let stem = entries[Int(place)].stem
    if byStem[stem] == place { byStem[stem] = nil }
    members[place] = nil
    free.append(place)
  }

  private func file(at place: Int32) -> KnownFile {
    let entry = entries[Int(place)]
    let device = devices[Int(entry.device)]
    let position = FilePosition(
      path: "", device: device, inode: entry.inode, fingerprint: entry.fingerprint,
      fingerprintLength: Int64(entry.fingerprintLength), codec: codecs[Int(entry.codec)],
      offset: entry.offset, line: Int(entry.line), itemsDone: Int(entry.itemsDone),
      finished: entry.flags.contains(.isFinished), isRefused: entry.flags.contains(.isRefused),
      member: members[place] ?? "", memberNumber: Int(entry.memberNumber))
    let look =
      entry.flags.contains(.hasLook)
      ? FileStatus(
        device: device, inode: entry.inode, size: entry.size, modified: entry.modified) : nil
    return KnownFile(
      position: position, look: look, lookedAt: Timestamp(milliseconds: entry.lookedAt),
      isPartial: entry.flags.contains(.isPartial),
      fault: entry.fault == 0 ? nil : IngestError.Kind(rawValue: Int(entry.fault) - 1))
  }

  private static func intern<Value: Equatable>(_ value: Value, in list: inout [Value]) -> UInt16 {
    if let index = list.firstIndex(of: value) { return UInt16(index) }
    precondition(list.count < 65_535, "there are \(list.count) disks, at most 65,535 are expected")
    list.append(value)
    return UInt16(list.count - 1)
  }

  /// A hash of the path without the ending of a codec: the same for `a.csv` and `a.csv.gz`.
  static func stem(of path: String) -> UInt64 {
    var bytes = Array(path.utf8)[...]
    for ending in [".gz", ".bz2", ".xz", ".zst"] where path.hasSuffix(ending) {
      bytes = bytes.dropLast(ending.utf8.count)
      break
    }
    return PrefixFingerprint.hash(bytes)
  }
}
