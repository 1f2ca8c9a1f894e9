/// A document of TOML 1.0 (https://toml.io/en/v1.0.0).
///
/// No text traps the parser: nesting is bounded, numbers are checked, and every mistake is a
/// `TOMLFault`.
package struct TOMLDocument: Equatable, Sendable {
  /// Tables, lists and dotted keys may be nested this deep in sum.
  package static let deepest = 64

  /// The values of the top of the document.
  package let root: [String: TOMLValue]

  /// Reads a whole document.
  package init(_ text: String) throws(TOMLFault) {
    var parser = TOMLParser(text)
    root = try parser.readDocument().frozen()
  }
}
