import Foundation

/// Says in one line what Foundation found wrong with a JSON text.
enum JSONFault {
  static func text(_ error: any Error) -> String {
    switch error {
    case let fault as ModelError: fault.description
    case DecodingError.keyNotFound(let key, let context):
      "\(path(context, key.stringValue)) is missing"
    case DecodingError.typeMismatch(_, let context): "\(path(context)): \(context.debugDescription)"
    case DecodingError.valueNotFound(_, let context):
      "\(path(context)): \(context.debugDescription)"
    case DecodingError.dataCorrupted(let context): "\(path(context)): \(context.debugDescription)"
    default: "\(error)"
    }
  }

  private static func path(_ context: DecodingError.Context, _ last: String? = nil) -> String {
    let parts = context.codingPath.map(\.stringValue) + (last.map { [$0] } ?? [])
    return parts.isEmpty ? "the file" : parts.joined(separator: ".")
  }
}
