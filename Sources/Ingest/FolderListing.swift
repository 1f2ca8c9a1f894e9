import Tweets

/// When a folder was listed, and what tells whether a new listing would give something else.
struct FolderListing: Sendable {
  /// Milliseconds after which the folder is listed again in any case: a grown file changes no folder.
  private static let lifetime: Int64 = 2000
  /// Files of which a millisecond between two listings is asked, so that large folders cost no core.
  private static let filesPerMillisecond = 20
  /// Milliseconds in which two changes may get the same time of change.
  private static let clockTick: Int64 = 100

  /// The folder as it was before the listing.
  var folder: FileStatus
  var listedAt: Timestamp
  var count: Int
  /// The folders in it, some of many: a change of one calls for a new listing.
  var folders: [FolderTree.Place]

  /// True when the listing still serves for a folder that looks like this now.
  func isCurrent(_ now: FileStatus, at moment: Timestamp) -> Bool {
    let age = moment.milliseconds - listedAt.milliseconds
    guard (0..<FolderListing.lifetime).contains(age) else { return false }
    if age < Int64(count / FolderListing.filesPerMillisecond) { return true }
    let quiet = listedAt.milliseconds - folder.modified / 1_000_000
    guard now == folder, !(0..<FolderListing.clockTick).contains(quiet) else { return false }
    return folders.allSatisfy { place in (try? FileStatus(path: place.path)) == place.status }
  }
}
