import ELMo
import Foundation
import Testing

@Suite struct TensorFileTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = "\(directory.path)/file.safetensors"
  }

  private func write(_ header: String, payload: [UInt8] = []) throws {
    var data = Data()
    for shift in stride(from: 0, through: 56, by: 8) {
      data.append(UInt8(truncatingIfNeeded: UInt64(header.utf8.count) >> UInt64(shift)))
    }
    data.append(contentsOf: header.utf8)
    data.append(contentsOf: payload)
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func `what is written is read, names and empty extents too`() throws {
    try TensorWriter.write(
      [("a\"\\\n", [2, 2], [1, 2, 3, 4]), ("none", [0, 3], []), ("one", [], [7])], to: path)
    let file = try TensorFile(path)
    #expect(file.names == ["a\"\\\n", "none", "one"])
    #expect(file.shape(of: "none") == [0, 3])
    #expect(try file.floats(of: "a\"\\\n") == [1, 2, 3, 4])
    #expect(try file.floats(of: "one") == [7])
  }

  @Test func `half precision is widened`() throws {
    try write(
      """
      {"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},\
      "b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]}}
      """, payload: [0x00, 0x3c, 0x00, 0xc0, 0x80, 0x3f])
    let file = try TensorFile(path)
    #expect(try file.floats(of: "h") == [1, -2])
    #expect(try file.floats(of: "b") == [1])
  }

  @Test(arguments: [
    ("{}}", "no safetensors header"),
    ("[]", "no safetensors header"),
    ("{\"t\":{\"dtype\":\"F32\",\"shape\":[1]}}", "lacks dtype"),
    ("{\"t\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", "found F31"),
    ("{\"t\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "impossible shape"),
    (
      "{\"t\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
      "impossible shape"
    ),
    ("{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", "impossible offsets"),
    ("{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", "needs 4 bytes"),
    ("{\"t\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "cut short"),
    (
      "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
        + "\"u\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "same bytes"
    ),
  ])
  func `a bad header is refused with the reason`(header: String, reason: String) throws {
    try write(header, payload: Array(repeating: 0, count: 8))
    do {
      _ = try TensorFile(path)
      Issue.record("accepted \(header)")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test(arguments: [0, 3, 8])
  func `a file of few bytes is refused`(count: Int) throws {
    try Data(repeating: 0xff, count: count).write(to: URL(fileURLWithPath: path))
    #expect(throws: ModelError.self) { try TensorFile(path) }
  }

  @Test func `a writer that is dropped leaves nothing`() throws {
    do {
      var writer = try TensorWriter(path, tensors: [TensorRequirement("t", [4])])
      let values: [Float] = [1, 2]
      try writer.append(values.span)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `SHA-256 answers the published examples`(text: String, digest: String) {
    var whole = SHA256()
    let bytes = Array(text.utf8)
    whole.update(bytes.span)
    #expect(whole.finish() == digest)
    var pieces = SHA256()
    for byte in bytes { pieces.update([byte].span) }
    #expect(pieces.finish() == digest)
  }

  @Test func `SHA-256 of a million letters, in uneven pieces`() {
    var hash = SHA256()
    var left = 1_000_000
    var piece = 1
    while left > 0 {
      let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: min(left, piece))
      hash.update(bytes.span)
      left -= bytes.count
      piece = piece * 3 % 1009
    }
    #expect(
      hash.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `an embedding file holds every record under its number`() throws {
    let model = try Miniature.model("deep")
    var workspace = ELMoWorkspace(for: model)
    let answers = model.embed(Miniature.sentences, workspace: &workspace)
    do {
      var file = try EmbeddingFile(path)
      for answer in answers { try file.append(answer) }
      try file.finish()
    }
    let file = try TensorFile(path)
    #expect(file.names.count == 6 * answers.count)
    for (index, answer) in answers.enumerated() {
      for tensor in answer.tensors {
        #expect(file.shape(of: "\(index)/\(tensor.name)") == tensor.shape)
        #expect(try file.floats(of: "\(index)/\(tensor.name)") == tensor.values)
      }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["file.safetensors"])
  }
}
