import Ingest
import Training
import TweetText
import Tweets

/// Reads a labelled CSV or TSV file with any columns.
enum LabelledTable {
  /// The rows whose columns were found by name; a record that cannot be split is refused with its line.
  static func rows(
    of path: String, text: String, label: String, confidence: String?
  ) throws -> [LabelledText] {
    var reader: RecordReader
    do { reader = try RecordReader(path: path, options: IngestOptions(format: .csv)) } catch {
      throw CommandFailure(ingest: error)
    }
    var columns: LabelledColumns?
    var rows: [LabelledText] = []
    var skipped: [Int] = []
    while let record = try next(&reader) {
      guard record.fault == nil, case .csv(let header) = record.format else {
        if record.fault != nil { skipped.append(record.line) }
        continue
      }
      let found: LabelledColumns
      do {
        found =
          try columns
          ?? LabelledColumns(
            header: header.columns, text: text, label: label, confidence: confidence)
      } catch {
        throw CommandFailure("\(path): \(error)", code: .badInput)
      }
      columns = found
      if let fields = try? CSVRecord(record.bytes, header: header).fields,
        let row = found.row(fields, number: rows.count + 1)
      {
        rows.append(row)
      } else {
        skipped.append(record.line)
      }
    }
    if !skipped.isEmpty {
      StandardStream.error.say(
        "elmond: \(path): \(skipped.count) broken rows skipped, the first on line \(skipped[0])")
    }
    guard !rows.isEmpty else {
      throw CommandFailure(
        "\(path) holds no row with the columns \(text) and \(label)",
        remedy: "give a CSV or TSV file with a header line", code: .badInput)
    }
    return rows
  }

  private static func next(_ reader: inout RecordReader) throws -> Record? {
    do { return try reader.next() } catch { throw CommandFailure(ingest: error) }
  }
}
