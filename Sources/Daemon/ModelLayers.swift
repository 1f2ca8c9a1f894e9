import Aggregates
import ELMo
import Report

/// The table of `elmond model info --layers`: a line for each tensor, and the total.
enum ModelLayers {
  /// The layers of a bundle in the order in which a token passes them.
  static func text(of bundle: ModelBundle) -> String {
    let tensors = bundle.manifest.tensors.filter { bundle.tensors.contains($0.name) }
    let rows = tensors.map { tensor -> [ResultTable.Value] in
      [
        .text(layer(of: tensor.name)), .text(tensor.name),
        .text(tensor.shape.map(String.init).joined(separator: " x ")),
        .integer(Int64(tensor.count)),
      ]
    }
    let total = tensors.reduce(0) { $0 + $1.count }
    return ResultTable(
      columns: ["layer", "tensor", "shape", "parameters"],
      rows: rows + [[.text("total"), .text(""), .text(""), .integer(Int64(total))]]
    ).text
  }

  /// What a tensor belongs to, by its published name.
  private static func layer(of name: String) -> String {
    let parts = name.split(separator: "/").map(String.init)
    switch parts[0] {
    case "char_embed": return "characters"
    case "CNN":
      let number = Int(name.drop { $0 != "_" }.dropFirst(5)).map { " \($0 + 1)" } ?? ""
      return "convolution\(number)"
    case "CNN_proj": return "projection"
    case "RNN_0", "RNN_1":
      let direction = parts[0] == "RNN_0" ? "forward" : "backward"
      let number = parts.first { $0.hasPrefix("Cell") }.flatMap { Int($0.dropFirst(4)) } ?? 0
      return "\(direction) LSTM \(number + 1)"
    case "cohead": return "co-head"
    default:
      if parts[0].hasPrefix("CNN_high_"), let number = Int(parts[0].dropFirst(9)) {
        return "highway \(number + 1)"
      }
      return parts[0].replacing("_", with: " ")
    }
  }
}
