internal import GRDB

extension AggregateStore {
  /// Drops names that no row is counted under, and forgets them; returns how many.
  ///
  /// Topics are cheap to look up. The other names take a scan of the rows until each was met; it is
  /// worth it after rows were dropped.
  func dropNames(besidesTopics: Bool) throws(StoreError) -> Int {
    let unused = try access("prune") { db in
      var unused: [Dimensions.Kind: Set<Int64>] = [
        .topic: try Int64.fetchSet(db, sql: AggregateStore.unusedTopics)
      ]
      guard besidesTopics else { return unused }
      unused.merge(try self.unusedBesidesTopics(db)) { $1 }
      return unused
    }
    let count = unused.values.map(\.count).reduce(0, +)
    guard count > 0 else { return 0 }
    var staged = dimensions
    try write("prune") { db in
      for (kind, numbers) in unused { try staged.delete(kind, numbers, db) }
    }
    dimensions = staged
    return count
  }

  private func unusedBesidesTopics(_ db: Database) throws -> [Dimensions.Kind: Set<Int64>] {
    // Sources that something else is known of are still in use, and come back.
    let sources = try Int64.fetchSet(db, sql: AggregateStore.namedSources)
    var unused: [Dimensions.Kind: Set<Int64>] = [
      .source: dimensions.numbers(.source).subtracting(sources),
      .lang: dimensions.numbers(.lang), .model: dimensions.numbers(.model),
    ]
    let rows = try Row.fetchCursor(db, sql: "SELECT source_id, lang_id, model_id FROM aggregate")
    while let row = try rows.next(), !unused.values.allSatisfy(\.isEmpty) {
      unused[.source]?.remove(try row.value("source_id"))
      unused[.lang]?.remove(try row.value("lang_id"))
      unused[.model]?.remove(try row.value("model_id"))
    }
    return unused
  }

  /// How many topics there may be, `all` included, before tags of stream rules are left out.
  package static let mostTopics = Dimensions.mostTopics

  private static let unusedTopics = """
    SELECT id FROM topic t WHERE id <> \(Schema.allTopicID)
      AND NOT EXISTS (SELECT 1 FROM aggregate a WHERE a.topic_id = t.id)
    """

  private static let namedSources = """
    SELECT id FROM source WHERE name IN (
      SELECT source FROM position UNION SELECT source FROM counter WHERE name <> 'pruned'
      UNION SELECT source FROM gap UNION SELECT source FROM watermark
      UNION SELECT source FROM stream UNION SELECT source FROM spend)
    """
}
