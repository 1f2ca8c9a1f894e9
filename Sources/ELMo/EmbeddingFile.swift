/// Writes the tensors of `elmond embed` record by record, with bounded memory.
///
/// The numbers go to a second temporary file, because the header in front of them is known only at
/// the end. Nothing is left at `path` until `finish`.
package struct EmbeddingFile: ~Copyable {
  private let payload: OutputFile
  private var header = SafetensorsHeader()
  private let path: String
  private let isStandardOutput: Bool

  /// Records written so far.
  package private(set) var records = 0

  /// Starts a file that will appear at `path`.
  package init(_ path: String) throws(ModelError) {
    self.path = path
    isStandardOutput = false
    payload = try OutputFile("\(path).payload")
  }

  /// Starts a file that goes to standard output when it is whole; meanwhile its numbers lie in a folder.
  package init(standardOutputVia folder: String) throws(ModelError) {
    path = "standard output"
    isStandardOutput = true
    payload = try OutputFile("\(folder)/elmond-embed.payload")
  }

  /// Appends the tensors of the next record, `N/word_emb` and so on.
  package mutating func append(_ embedding: SentenceEmbedding) throws(ModelError) {
    for tensor in embedding.tensors {
      header.append("\(records)/\(tensor.name)", shape: tensor.shape)
      try payload.write(tensor.values.span)
    }
    guard header.count < TensorFile.longestHeader - 16 else {
      throw .malformedFile(
        file: path,
        cause: "after \(records) records the header is as long as the format allows; "
          + "split the input")
    }
    records += 1
  }

  /// Joins header and numbers and gives the file its name.
  package consuming func finish() throws(ModelError) {
    let start = header.encoded
    guard !isStandardOutput else {
      try OutputFile.writeToStandardOutput(start, then: payload)
      return
    }
    let file = try OutputFile.create(path, start: start.span)
    try file.append(contentsOf: payload)
    try file.finish()
  }
}
