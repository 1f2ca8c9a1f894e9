import Testing

import Daemon

@Suite struct ExitCodeTests {
  @Test func `the codes are those of the interface`() {
    #expect(
      ExitCode.allCases.map(\.rawValue) == [0, 64, 65, 66, 69, 70, 73, 74, 75, 77, 78])
  }

  @Test func `a failure tells its remedy on a line of its own`() {
    let failure = CommandFailure("cannot do it", remedy: "do that", code: .tryLater)
    #expect(failure.description == "cannot do it\n  remedy: do that")
    #expect(CommandFailure("bad", code: .bug).description == "bad")
  }
}
