internal import GRDB

/// The names that aggregates refer to by number, as the database has them.
///
/// A value: a transaction works on a copy, which is kept only if it commits.
struct Dimensions {
  /// A table of names.
  enum Kind: String, CaseIterable {
    case topic, source, lang, model
  }

  /// How many topics there may be, `all` included, before tags of stream rules are left out.
  static let mostTopics = 1000
  /// How many languages there may be besides `und`.
  static let mostLangs = 500

  /// The topics of the settings.
  private let ownTopics: Set<String>
  private var ids: [Kind: [String: Int64]] = [:]
  private var names: [Kind: [Int64: String]] = [:]

  init(_ db: Database, ownTopics: Set<String> = []) throws {
    self.ownTopics = ownTopics
    for kind in Kind.allCases {
      for row in try Row.fetchAll(db, sql: "SELECT id, name FROM \(kind.rawValue)") {
        set(kind, id: try row.value("id"), name: try row.value("name"))
      }
    }
  }

  /// The number of a name that is there already.
  func known(_ kind: Kind, _ name: String) -> Int64? { ids[kind]?[name] }

  /// The number of a topic, entered when it is new; nil when there are too many.
  ///
  /// The topics of the settings always have their place: the limit is for tags, which come from outside.
  mutating func topic(_ name: String, _ db: Database) throws -> Int64? {
    if let id = known(.topic, name) { return id }
    guard ownTopics.contains(name) || count(.topic) < Dimensions.mostTopics else { return nil }
    return try id(.topic, name, db)
  }

  /// The number of a language, entered when it is new; that of `und` when there are too many.
  mutating func lang(_ name: String, _ db: Database) throws -> Int64 {
    if let id = known(.lang, name) { return id }
    let others = count(.lang) - (known(.lang, "und") == nil ? 0 : 1)
    return try id(.lang, others < Dimensions.mostLangs ? name : "und", db)
  }

  private func count(_ kind: Kind) -> Int { ids[kind]?.count ?? 0 }

  /// The number of a name, entered when it is new.
  mutating func id(_ kind: Kind, _ name: String, _ db: Database) throws -> Int64 {
    if let id = known(kind, name) { return id }
    let statement = try db.cachedStatement(
      sql: "INSERT INTO \(kind.rawValue) (name) VALUES (?)")
    try statement.execute(arguments: [name])
    let id = db.lastInsertedRowID
    set(kind, id: id, name: name)
    return id
  }

  /// The name behind a number; nil when the database lost it.
  func name(_ kind: Kind, _ id: Int64) -> String? { names[kind]?[id] }

  /// The numbers of a kind, in no particular order.
  func numbers(_ kind: Kind) -> Set<Int64> { Set((names[kind] ?? [:]).keys) }

  /// Deletes names; nothing may refer to them but `seen`.
  mutating func delete(_ kind: Kind, _ numbers: Set<Int64>, _ db: Database) throws {
    let statement = try db.cachedStatement(sql: "DELETE FROM \(kind.rawValue) WHERE id = ?")
    for number in numbers {
      try statement.execute(arguments: [number])
      if let name = names[kind]?.removeValue(forKey: number) { ids[kind]?[name] = nil }
    }
  }

  private mutating func set(_ kind: Kind, id: Int64, name: String) {
    ids[kind, default: [:]][name] = id
    names[kind, default: [:]][id] = name
  }
}
