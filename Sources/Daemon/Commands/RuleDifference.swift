package import Ingest
import Report

/// What must be done at X for its rules to be those of the settings.
package struct RuleDifference: Sendable, Equatable {
  /// Rules whose value is not at X.
  package private(set) var new: [XRule] = []
  /// Rules whose value is at X with another tag, as they are wanted.
  package private(set) var retagged: [XRule] = []
  /// The same rules as they are at X; they go first.
  package private(set) var replaced: [XRule] = []
  /// Rules at X that nobody wants.
  package private(set) var obsolete: [XRule] = []
  /// Rules that are the same at both places.
  package private(set) var same: [XRule] = []

  /// The difference between rules.
  package init(wanted: [XRule], present: [XRule]) {
    for rule in wanted {
      if let old = present.first(where: { $0.value == rule.value }) {
        if old.tag == rule.tag {
          same.append(old)
        } else {
          retagged.append(rule)
          replaced.append(old)
        }
      } else {
        new.append(rule)
      }
    }
    obsolete = present.filter { rule in !wanted.contains { $0.value == rule.value } }
  }

  /// True when nothing has to be done.
  package var isEmpty: Bool { new.isEmpty && retagged.isEmpty && obsolete.isEmpty }

  /// A line a rule: `+` comes, `-` goes, `=` stays.
  package var text: String {
    let lines =
      same.map { line("=", $0) } + replaced.map { line("-", $0) } + retagged.map { line("+", $0) }
      + new.map { line("+", $0) } + obsolete.map { line("-", $0) }
    return lines.isEmpty ? "no rules, here or at X\n" : lines.joined()
  }

  private func line(_ sign: String, _ rule: XRule) -> String {
    let tag = rule.tag.map { "  tag \(PlainText.safe($0))" } ?? ""
    return "\(sign) \(PlainText.safe(rule.value))\(tag)\n"
  }
}
