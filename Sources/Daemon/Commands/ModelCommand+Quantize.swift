import ArgumentParser
import ELMo
import Foundation
import Training

extension ModelCommand {
  /// `elmond model quantize`: the same model with its weights stored in fewer bytes.
  struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a bundle again with its weights, and its softmax, in fewer bytes.",
      discussion:
        "The new bundle also says that its products are computed so: bf16, int8, else fp32.")

    @Option(
      name: .customLong("to"),
      help:
        "How weights are stored: fp16; bf16; int8, one scale a column, small tensors fp16; fp32.")
    var storage: WeightStorage
    @Option(help: "The new bundle's name; the directory's without it.") var name: String?
    @Argument(help: "The bundle to read.") var source: String
    @Argument(help: "The directory of the new bundle.") var output: String

    func run() throws {
      try NewDirectory.require(output, argument: nil)
      let bundle = try ModelLocator.open(try ModelLocator.find(flag: source))
      // What is damaged would get a checksum of its own.
      do {
        try bundle.verify()
      } catch {
        throw CommandFailure(model: error, in: bundle.directory)
      }
      try ModelCommand.create {
        try bundle.write(
          to: output, name: name ?? URL(fileURLWithPath: output).lastPathComponent,
          storage: storage)
        try bundle.copySoftmax(to: output, storage: storage)
      }
      let written = try ModelLocator.open(output)
      StandardStream.error.say(
        "wrote \(output): \(written.tensors.byteCount) bytes of weights, "
          + "\(bundle.tensors.byteCount) before")
    }
  }
}

extension WeightStorage: ExpressibleByArgument {}
