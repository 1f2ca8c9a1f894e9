/// How names of columns and of JSON members are compared.
package enum ColumnName {
  /// The name in lower case without blanks, underscores and hyphens: `Created At`, `created_at` and `CreatedAt`
  /// are one name.
  package static func normal(_ name: some StringProtocol) -> String {
    String(
      decoding: name.lowercased().utf8.filter { byte in
        byte != UInt8(ascii: " ") && byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-")
      }, as: UTF8.self)
  }
}
