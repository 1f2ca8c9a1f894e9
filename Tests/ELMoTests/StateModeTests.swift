import ELMo
import Testing

@Suite struct StateModeTests {
  private let first = Miniature.words("what", "a", "night")
  private let second = Miniature.words("nobody", "won")
  private let third = Miniature.words("nobody", "won", "that", "debate")

  @Test func `in mode carry a row continues where it ended`() throws {
    let model = try Miniature.model("deep", stateMode: .carry)
    let fresh = try Miniature.model("deep")
    var workspace = ELMoWorkspace(for: model)
    var plain = ELMoWorkspace(for: fresh)
    let zero = fresh.embed([first, second], workspace: &plain)
    let start = model.embed([first, second], workspace: &workspace)
    #expect(start == zero, "the first call starts at zero")
    let next = model.embed([first, second], workspace: &workspace)
    #expect(next[0].elmo != start[0].elmo && next[1].elmo != start[1].elmo)
    #expect(next[0].wordEmbeddings == start[0].wordEmbeddings)
    workspace.carried = CarriedStates()
    #expect(model.embed([first, second], workspace: &workspace) == start)
  }

  @Test func `rows of a carrying batch do not touch each other`() throws {
    let model = try Miniature.model("deep", stateMode: .carry)
    var batch = ELMoWorkspace(for: model)
    var alone = ELMoWorkspace(for: model, tokenBudget: 8)
    let rounds = [[first, second, third], [second, third, first], [third, first, second]]
    for round in rounds {
      let together = model.embed(round, workspace: &batch)
      #expect(model.embed([round[0]], workspace: &alone) == [together[0]])
    }
  }

  @Test func `a row that is not used keeps its state`() throws {
    let model = try Miniature.model("bare", stateMode: .carry)
    var whole = ELMoWorkspace(for: model)
    var gaps = ELMoWorkspace(for: model)
    _ = model.embed([first, second], workspace: &whole)
    _ = model.embed([first, second], workspace: &gaps)
    // Row 1 rests: once because the batch is shorter, once because its sentence is empty.
    _ = model.embed([third], workspace: &gaps)
    _ = model.embed([second, []], workspace: &gaps)
    let a = model.embed([first, third], workspace: &whole)[1]
    let b = model.embed([first, third], workspace: &gaps)[1]
    #expect(a == b)
  }

  @Test(arguments: Miniature.names)
  func `neither boundary steps left out nor rows that are shared change a bit`(name: String) throws
  {
    // Mode `carry` runs through both boundaries, and every sentence on its own.
    let whole = try Miniature.model(name, stateMode: .carry)
    let model = try Miniature.model(name)
    let ends = [[], first, second, first + second]
    let sentences = Miniature.randomSentences(count: 30, seed: 12).flatMap { sentence in
      ends.map { sentence + $0 } + ends.map { $0 + sentence } + [sentence]
    }
    var workspace = ELMoWorkspace(for: model)
    let together = model.embed(sentences, workspace: &workspace)
    var other = ELMoWorkspace(for: whole)
    for (index, sentence) in sentences.enumerated() {
      other.carried = CarriedStates()
      #expect(whole.embed([sentence], workspace: &other) == [together[index]])
    }
  }

  @Test func `mode warm starts every sentence where the priming text ends`() throws {
    let directory = try TemporaryDirectory()
    let source = try Miniature.bundle("deep")
    var manifest = source.manifest
    manifest.stateMode = .warm
    manifest.primingText = "what a night\nnobody won"
    try ModelBundle.write(
      manifest,
      tensors: source.tensors.names.map {
        ($0, source.tensors.shape(of: $0) ?? [], try source.tensors.floats(of: $0))
      }, to: "\(directory.path)/warm")
    let warm = try ELMoModel(try ModelBundle(directory: "\(directory.path)/warm"))
    let carry = try Miniature.model("deep", stateMode: .carry)
    var workspace = ELMoWorkspace(for: carry)
    _ = carry.embed([first], workspace: &workspace)
    _ = carry.embed([second], workspace: &workspace)
    let wanted = carry.embed([third], workspace: &workspace)[0]
    var other = ELMoWorkspace(for: warm)
    for _ in 0..<2 {
      #expect(warm.embed([first, third], workspace: &other)[1] == wanted)
    }
  }
}
