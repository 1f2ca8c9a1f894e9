/// A row of a data file whose columns were picked by name: a text and what somebody called it.
package struct LabelledText: Sendable, Equatable {
  /// The text before cleaning.
  package var text: String
  /// The label as it stands in the file.
  package var label: String
  /// The row's own id; nil where the file has none.
  package var id: String?
  /// How sure the annotators were, 0 … 1; nil where the file does not tell.
  package var confidence: Double?
  /// What another system called the text; nil where the file does not tell.
  package var answer: String?
  /// The number of the row in its file, from 1, for messages.
  package var row: Int

  /// A row from its fields.
  package init(
    text: String, label: String, id: String? = nil, confidence: Double? = nil,
    answer: String? = nil,
    row: Int
  ) {
    self.text = text
    self.label = label
    self.id = id
    self.confidence = confidence
    self.answer = answer
    self.row = row
  }
}
