/// What `--version`, the report and the user agent say.
enum Version {
  static let current = "0.1.0"
}
