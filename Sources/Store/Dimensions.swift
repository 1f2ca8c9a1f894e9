internal import GRDB

/// The names that aggregates refer to by number, as the database has them.
///
/// A value: a transaction works on a copy, which is kept only if it commits.
struct Dimensions {
  /// A table of names.
  enum Kind: String, CaseIterable {
    case topic, source, lang, model
  }

  private var ids: [Kind: [String: Int64]] = [:]
  private var names: [Kind: [Int64: String]] = [:]

  init(_ db: Database) throws {
    for kind in Kind.allCases {
      for row in try Row.fetchAll(db, sql: "SELECT id, name FROM \(kind.rawValue)") {
        set(kind, id: row["id"], name: row["name"])
      }
    }
  }

  /// The number of a name, entered when it is new.
  mutating func id(_ kind: Kind, _ name: String, _ db: Database) throws -> Int64 {
    if let id = ids[kind]?[name] { return id }
    let statement = try db.cachedStatement(
      sql: "INSERT INTO \(kind.rawValue) (name) VALUES (?)")
    try statement.execute(arguments: [name])
    let id = db.lastInsertedRowID
    set(kind, id: id, name: name)
    return id
  }

  /// The name behind a number; nil when the database lost it.
  func name(_ kind: Kind, _ id: Int64) -> String? { names[kind]?[id] }

  private mutating func set(_ kind: Kind, id: Int64, name: String) {
    ids[kind, default: [:]][name] = id
    names[kind, default: [:]][id] = name
  }
}
