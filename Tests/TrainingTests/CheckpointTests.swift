import Foundation
import Testing
import Training

struct CheckpointTests {
  private static var state: CheckpointState {
    var state = CheckpointState()
    state.arrays["weights"] = .floats([1.5, -0.0, .infinity, 1.5e-38])
    state.arrays["sums"] = .doubles([.pi, -1e300])
    state.arrays["steps"] = .integers([-5, .max])
    state.arrays["generator"] = .words([.max, 1])
    state.arrays["nothing"] = .floats([])
    state.texts["history"] = "step,loss\n1,2.5\n \u{1F600} \"\n"
    return state
  }

  private static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("elmond-checkpoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func `a state comes back bit by bit`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a").path
    try Self.state.write(to: path)
    var state = try CheckpointState(contentsOf: path)
    #expect(state == Self.state)
    #expect(try state.takeFloats("weights", count: 4)[1].sign == .minus)
    #expect(try state.takeDoubles("sums") == [.pi, -1e300])
    #expect(try state.takeIntegers("steps") == [-5, .max])
    #expect(try state.takeWords("generator", count: 2) == [.max, 1])
    #expect(state.arrays.keys.sorted() == ["nothing"])
  }

  @Test func `what is missing or of another size is named`() {
    var state = Self.state
    #expect(throws: CheckpointError.missing("moments")) { try state.takeFloats("moments") }
    #expect(throws: CheckpointError.mismatch("weights", wanted: "5 f32", found: "4 f32")) {
      try state.takeFloats("weights", count: 5)
    }
    #expect(throws: CheckpointError.mismatch("sums", wanted: "f32", found: "2 f64")) {
      try state.takeFloats("sums")
    }
    #expect(throws: CheckpointError.missing("best")) { try state.text("best") }
  }

  @Test func `a file cut at any length is refused`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a").path
    try Self.state.write(to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self, "\(length) bytes") {
        try CheckpointState(contentsOf: path)
      }
    }
    try (whole + [0]).write(to: URL(fileURLWithPath: path))
    #expect(throws: CheckpointError.self) { try CheckpointState(contentsOf: path) }
  }

  @Test func `a file with any byte changed is refused`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a").path
    try Self.state.write(to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in 0..<whole.count {
      var damaged = whole
      damaged[index] ^= 0x41
      try damaged.write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self, "byte \(index)") {
        try CheckpointState(contentsOf: path)
      }
    }
  }

  @Test func `each refusal tells what, where, why and what helps`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("a")
    func message(_ data: Data) throws -> String {
      try data.write(to: url)
      do {
        _ = try CheckpointState(contentsOf: url.path)
        return "read"
      } catch {
        return "\(error)".replacingOccurrences(of: url.path, with: "A")
      }
    }
    try Self.state.write(to: url.path)
    let whole = try Data(contentsOf: url)
    #expect(
      try message(Data("weights of something else".utf8))
        == "read checkpoint A: it is no checkpoint; remove this file to go on from the checkpoint "
        + "before it")
    var later = whole
    later[8] = 2
    #expect(
      try message(later).hasPrefix("read checkpoint A: format version 2, this program reads 1"))
    #expect(
      try message(whole.dropLast(9)).hasPrefix(
        "read checkpoint A: \(whole.count) bytes wanted, \(whole.count - 9) found; remove"))
    var damaged = whole
    damaged[whole.count - 70] ^= 1
    #expect(try message(damaged).hasPrefix("read checkpoint A: it is damaged, SHA-256 wanted "))
    #expect(throws: CheckpointError.self) {
      try CheckpointState(contentsOf: folder.appendingPathComponent("none").path)
    }
  }

  @Test func `the last two checkpoints are kept and the newest is read`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let checkpoints = CheckpointFolder(folder.appendingPathComponent("checkpoints").path)
    #expect(checkpoints.steps.isEmpty)
    #expect(try checkpoints.latest() == nil)
    var state = Self.state
    for step in [5, 90, 1_000] {
      state.texts["step"] = "\(step)"
      try checkpoints.write(state, step: step)
    }
    #expect(checkpoints.steps == [90, 1000])
    #expect(try checkpoints.latest()?.text("step") == "1000")
    let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints.path)
    #expect(names.count == 2)
  }

  @Test func `a run that was begun otherwise is refused with what differs`() throws {
    var settings = PretrainingSettings()
    let before = RunIdentity(settings.facts)
    var state = Self.state
    before.mark(&state)
    try before.require(sameAs: state)
    settings.passes = 5
    settings.seed = 2
    var now = RunIdentity(settings.facts)
    now.facts["corpus"] = "1"
    let error = #expect(throws: CheckpointError.self) { try now.require(sameAs: state) }
    #expect(
      error?.description
        == "resume: the run was begun otherwise: corpus was none, is 1, passes was 3, is 5, "
        + "seed was 1, is 2; give the same again, or begin anew in another directory")
  }
}
