package import Training

import Foundation
package import Ingest
import TweetText
import Tweets

/// Reads labelled files: tables with any columns, SemEval's lines, or texts and labels in two files.
package struct LabelledReader {
  private let textColumn: String
  private let labelColumn: String
  private let confidenceColumn: String?
  private let answerColumn: String?
  private let options: IngestOptions

  /// A reader; the columns are those of files that name none themselves. `answerColumn` is that of
  /// another system's answers, which only tables can have.
  package init(
    textColumn: String, labelColumn: String, confidenceColumn: String? = nil,
    answerColumn: String? = nil, options: IngestOptions = IngestOptions()
  ) {
    self.textColumn = textColumn
    self.labelColumn = labelColumn
    self.confidenceColumn = confidenceColumn
    self.answerColumn = answerColumn
    self.options = options
  }

  /// The rows of a file; a record that cannot be split is counted, a file without rows refused.
  package func file(_ data: DataSpecification) throws -> LabelledFile {
    let rows: Rows
    let format = try format(of: data)
    if let answerColumn, format == .semeval || format == .lines {
      throw CommandFailure(
        "\(data.path) is no table, so that it has no column \(answerColumn)",
        remedy: "give a CSV or TSV file with a header line", code: .badInput)
    }
    switch format {
    case .semeval: rows = try semEval(data)
    case .lines: rows = try lines(data)
    case .auto, .csv, .tsv:
      rows = try table(
        data, text: data.textColumn ?? textColumn, label: data.labelColumn ?? labelColumn,
        confidence: data.confidenceColumn ?? confidenceColumn, answer: answerColumn)
    }
    return LabelledFile(
      name: data.path, texts: rows.texts, broken: rows.broken.count,
      unavailable: rows.unavailable, mapping: data.mapping,
      drops: data.drops, weight: data.weight)
  }

  /// The texts of a file, whatever their labels are.
  package func texts(_ data: DataSpecification) throws -> [String] {
    switch try format(of: data) {
    case .semeval: return try semEval(data).texts.map(\.text)
    case .lines: return try texts(ofLines: data)
    case .auto, .csv, .tsv:
      let column = data.textColumn ?? textColumn
      return try table(data, text: column, label: column, confidence: nil).texts.map(\.text)
    }
  }

  /// The rows of a file, and the lines of those that could not be split.
  private struct Rows {
    var texts: [LabelledText] = []
    var broken: [Int] = []
    var unavailable = 0

    /// Takes a row in; one whose text is `Not Available` is counted only.
    mutating func add(_ row: LabelledText) {
      if row.text == SemEvalRecord.unavailable {
        unavailable += 1
      } else {
        texts.append(row)
      }
    }

    func report(_ path: String) {
      guard let first = broken.first else { return }
      StandardStream.error.say(
        "elmond: \(path): \(broken.count) broken rows skipped, the first on line \(first)")
    }
  }

  private func table(
    _ data: DataSpecification, text: String, label: String, confidence: String?,
    answer: String? = nil
  ) throws -> Rows {
    var reader = try open(data.path, format: .csv)
    var columns: LabelledColumns?
    var rows = Rows()
    while let record = try next(&reader) {
      guard record.fault == nil, case .csv(let header) = record.format else {
        if record.fault != nil { rows.broken.append(record.line) }
        continue
      }
      let found: LabelledColumns
      do {
        found =
          try columns
          ?? LabelledColumns(
            header: header.columns, text: text, label: label, id: data.idColumn,
            confidence: confidence, answer: answer)
      } catch {
        throw CommandFailure("\(data.path): \(error)", code: .badInput)
      }
      columns = found
      if let fields = try? CSVRecord(record.bytes, header: header).fields,
        var row = found.row(fields, number: rows.texts.count + rows.unavailable + 1)
      {
        if data.hasSemEvalEscapes { row.text = SemEvalRecord.plain(row.text) }
        rows.add(row)
      } else {
        rows.broken.append(record.line)
      }
    }
    rows.report(data.path)
    guard !rows.texts.isEmpty else {
      throw CommandFailure(
        "\(data.path) holds no row with the columns \(text) and \(label)",
        remedy: "give a CSV or TSV file with a header line", code: .badInput)
    }
    return rows
  }

  private func semEval(_ data: DataSpecification) throws -> Rows {
    var reader = try open(data.path, format: .text)
    var rows = Rows()
    while let record = try next(&reader) {
      if record.format == .blank { continue }
      let line = String(decoding: record.bytes, as: UTF8.self)
      if record.fault == nil, let found = SemEvalRecord(line) {
        rows.add(
          LabelledText(
            text: found.text, label: found.label, id: found.id,
            row: rows.texts.count + rows.unavailable + 1))
      } else {
        rows.broken.append(record.line)
      }
    }
    rows.report(data.path)
    guard !rows.texts.isEmpty else {
      throw CommandFailure(
        "\(data.path) holds no line with id, label and text between tabs",
        remedy: "name its format, as in \(data.path):format=csv", code: .badInput)
    }
    return rows
  }

  private func lines(_ data: DataSpecification) throws -> Rows {
    guard let labelsPath = data.labelsPath else {
      throw CommandFailure(
        "\(data.path) is read as one text a line, but no file with their labels is named",
        remedy: "name it, as in \(data.path):labels=FILE", code: .usage)
    }
    let texts = try texts(ofLines: data)
    let labels = try lines(of: labelsPath)
    guard texts.count == labels.count, !texts.isEmpty else {
      throw CommandFailure(
        "\(data.path) has \(texts.count) lines, \(labelsPath) has \(labels.count)",
        remedy: "give one label a line for each text", code: .badInput)
    }
    return Rows(
      texts: zip(texts, labels).enumerated().map { number, row in
        LabelledText(text: row.0, label: row.1, row: number + 1)
      })
  }

  private func texts(ofLines data: DataSpecification) throws -> [String] {
    let texts = try lines(of: data.path)
    return data.hasSemEvalEscapes ? texts.map(SemEvalRecord.plain) : texts
  }

  // All lines, the empty ones too: their numbers join two files.
  private func lines(of path: String) throws -> [String] {
    var reader = try open(path, format: .text)
    var lines: [String] = []
    while let record = try next(&reader) {
      guard record.fault == nil else {
        throw CommandFailure(
          "\(path), line \(record.line): longer than a record may be", remedy: "split the line",
          code: .badInput)
      }
      lines.append(String(decoding: record.bytes, as: UTF8.self))
    }
    return lines
  }

  /// The format that a file names, or that its first line shows.
  ///
  /// Only a regular file can be read twice, so anything else is a table unless its format is named.
  private func format(of data: DataSpecification) throws -> DataSpecification.Format {
    guard data.format == .auto else { return data.format }
    let path = URL(fileURLWithPath: data.path).resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    guard type == .typeRegular else { return .csv }
    var reader = try open(data.path, format: .text)
    var first = try? next(&reader)
    while first?.format == .blank { first = try? next(&reader) }
    guard let first, first.fault == nil else { return .csv }
    return SemEvalRecord.matches(String(decoding: first.bytes, as: UTF8.self)) ? .semeval : .csv
  }

  private func open(_ path: String, format: InputFormat) throws -> RecordReader {
    var options = options
    options.format = format
    do { return try RecordReader(path: path, options: options) } catch {
      throw CommandFailure(ingest: error)
    }
  }

  private func next(_ reader: inout RecordReader) throws -> Record? {
    do { return try reader.next() } catch { throw CommandFailure(ingest: error) }
  }
}
