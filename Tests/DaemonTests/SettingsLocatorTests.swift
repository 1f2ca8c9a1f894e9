import Testing

import Daemon
import TOML

@Suite struct SettingsLocatorTests {
  private static let document = """
    # a comment with [brackets] and key = 1
    top = 1
    dotted.inner.key = 2

    [[source]] # the first
    name = "a # not a comment"
    long = \"\"\"
    two = 1
    lines \\\"\"\" here\"\"\"
    after = 1

      [[source]]
      "quoted key" = 'it'
      name = "b"

    [store]
    retain = { minutes = "1d", hours = "2d" }
    list = [ # a comment with ]
      "one",
      { deep = 1 },
      [
        7 ],
    ]
    last = 2026-11-22T15:00:00Z

    [source.sub]
    key = true
    """

  @Test(arguments: [
    (path(["top"]), 2), (path(["dotted", "inner", "key"]), 3), (path(["dotted"]), 3),
    (path(["source", 0]), 5), (path(["source", 0, "name"]), 6), (path(["source", 0, "long"]), 7),
    (path(["source", 0, "after"]), 10),
    (path(["store"]), 16), (path(["store", "retain", "hours"]), 17),
    (path(["store", "list", 0]), 19), (path(["store", "list", 1, "deep"]), 20),
    (path(["store", "list", 2, 0]), 22), (path(["store", "last"]), 24),
    (path(["store", "missing"]), 16), (path(["nothing"]), 1),
  ])
  func `every key is found on its line`(path: SettingsPath, line: Int) throws {
    let locator = SettingsLocator(try TOMLDocument(SettingsLocatorTests.document).root)
    #expect(locator.line(of: path) == line)
    #expect(locator.line(of: SettingsLocatorTests.path(["source", 1, "quoted key"])) == 13)
    #expect(locator.line(of: SettingsLocatorTests.path(["source", 1, "sub", "key"])) == 27)
  }

  private static func path(_ steps: [any Hashable]) -> SettingsPath {
    SettingsPath(
      steps.map { step in
        if let index = step as? Int { .index(index) } else { .key("\(step)") }
      })
  }
}

/// SplitMix64: the same numbers on every run.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
