/// What a run's numbers follow from, as texts by name: settings, network, corpus, start.
package struct RunIdentity: Sendable, Equatable {
  /// One thing that is not as it was.
  package struct Difference: Sendable, Equatable, CustomStringConvertible {
    /// Its name.
    package let name: String
    /// What it was; nil when it was not known then.
    package let before: String?
    /// What it is; nil when it is not known now.
    package let now: String?

    /// `passes was 3, is 5`.
    package var description: String { "\(name) was \(before ?? "none"), is \(now ?? "none")" }
  }

  private static let prefix = "run/"

  /// The facts by name.
  package var facts: [String: String]

  /// An identity of these facts.
  package init(_ facts: [String: String]) { self.facts = facts }

  /// The identity that a checkpoint holds.
  package init(of state: CheckpointState) {
    facts = [:]
    for (name, text) in state.texts where name.hasPrefix(RunIdentity.prefix) {
      facts[String(name.dropFirst(RunIdentity.prefix.count))] = text
    }
  }

  /// Writes the identity into a checkpoint.
  package func mark(_ state: inout CheckpointState) {
    for (name, text) in facts { state.texts[RunIdentity.prefix + name] = text }
  }

  /// What differs from an earlier run, by name.
  package func differences(from earlier: RunIdentity) -> [Difference] {
    Set(facts.keys).union(earlier.facts.keys).sorted().compactMap { name in
      let (before, now) = (earlier.facts[name], facts[name])
      return before == now ? nil : Difference(name: name, before: before, now: now)
    }
  }

  /// Refuses a checkpoint of another run, naming what differs.
  package func require(sameAs state: CheckpointState) throws(CheckpointError) {
    let differences = differences(from: RunIdentity(of: state))
    guard differences.isEmpty else { throw .differentRun(differences) }
  }
}
