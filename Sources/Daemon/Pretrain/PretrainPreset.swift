import ArgumentParser
import ELMo

/// The networks that can be named: the compact ones for tweets (ELMO.md 8.4) and the published ones.
enum PretrainPreset: String, CaseIterable, ExpressibleByArgument {
  case A, B, C, small, medium, original

  var options: ELMoOptions {
    switch self {
    case .A: .compact(cellSize: 1024, projectionSize: 256)
    case .B: .compact(cellSize: 768, projectionSize: 192)
    case .C: .compact(cellSize: 512, projectionSize: 128)
    case .small: .small
    case .medium: .medium
    case .original: .original
    }
  }
}
