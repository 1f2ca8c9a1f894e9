import Glibc

/// The folder of real data beside the project, which not every machine has.
enum SharedData {
  static let path: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)  // Tests/IngestTests/SharedData.swift
    return "/" + parts.joined(separator: "/") + "/../shared/data/"
  }()

  static let isThere = unsafe access(path + "tweet_json", R_OK) == 0
}
