/// Which columns of a table hold text, label, id, confidence and another system's answer.
package struct LabelledColumns: Sendable, Equatable {
  private let text: Int
  private let label: Int
  private let id: Int?
  private let confidence: Int?
  private let answer: Int?

  /// Finds the columns by name, upper and lower case alike, or by number from 1; all but text and label may be nil for none.
  ///
  /// A name that the header lacks is refused, that of another column too when it was asked for.
  package init(
    header: [String], text: String, label: String, id: String? = nil, confidence: String? = nil,
    answer: String? = nil
  ) throws(TrainingDataError) {
    func column(_ name: String) throws(TrainingDataError) -> Int {
      let wanted = name.lowercased()
      if let index = header.firstIndex(where: { $0.lowercased() == wanted }) { return index }
      guard let number = Int(name), (1...max(1, header.count)).contains(number) else {
        throw .columnMissing(name, header: header)
      }
      return number - 1
    }
    self.text = try column(text)
    self.label = try column(label)
    if let id { self.id = try column(id) } else { self.id = nil }
    if let confidence { self.confidence = try column(confidence) } else { self.confidence = nil }
    if let answer { self.answer = try column(answer) } else { self.answer = nil }
  }

  /// The row with these fields; nil when it is too short to hold text and label.
  package func row(_ fields: [String], number: Int) -> LabelledText? {
    func field(_ index: Int?) -> String? {
      index.flatMap { fields.indices.contains($0) ? fields[$0] : nil }
    }
    guard let text = field(text), let label = field(label) else { return nil }
    return LabelledText(
      text: text, label: label, id: field(id), confidence: field(confidence).flatMap(Double.init),
      answer: field(answer), row: number)
  }
}
