import ArgumentParser
import Ingest
import TweetText

extension InputFormat: ExpressibleByArgument {}

/// How a command reads tweets: what a `[[source]]` table says with the same words.
struct InputOptions: ParsableArguments {
  @Option(help: "auto, text, jsonl, csv or tsv.") var format: InputFormat = .auto
  @Option(help: "How characters are written: auto, utf-8, utf-16, windows-1252, latin1, …")
  var encoding: String?
  @Flag(help: "The table has no heading; name its columns by number from 1.") var noHeader = false
  @Option(help: "The CSV column of the text, by name or number.") var textColumn: String?
  @Option(help: "The CSV column of the id, by name or number.") var idColumn: String?
  @Option(help: "The CSV column of the language, by name or number.") var langColumn: String?
  @Option(help: "The member of the text in JSON of another shape, such as post.text.")
  var textField: String?
  @Option(help: "The member of the id, with --text-field.") var idField: String?
  @Option(help: "The member of the time, with --text-field.") var timeField: String?
  @Option(help: "The member of the language, with --text-field.") var langField: String?
  @Option(help: "The longest record, from 1KiB to 64MiB; the default is 1MiB.")
  var maxLine: String?

  func validate() throws {
    _ = try checkedEncoding()
    _ = try checkedMaxLine()
    if textField == nil, idField != nil || timeField != nil || langField != nil {
      throw ValidationError("--id-field, --time-field and --lang-field need --text-field too")
    }
  }

  var mapping: CSVMapping { CSVMapping(text: textColumn, id: idColumn, lang: langColumn) }

  /// The shape of JSON records.
  var shape: TweetShape { fields.shape(namespace: "file", sharesIDs: true) }

  private var fields: Settings.Fields {
    var fields = Settings.Fields()
    fields.text = textField
    fields.id = idField
    fields.time = timeField
    fields.lang = langField
    return fields
  }

  /// What the readers are told. The values are those that `validate` saw.
  var ingest: IngestOptions {
    IngestOptions(
      format: format, encoding: (try? checkedEncoding()) ?? nil, hasHeading: noHeader ? false : nil,
      columns: [textColumn, idColumn, langColumn].compactMap { $0 },
      frame: FrameLimits(recordBytes: ((try? checkedMaxLine()) ?? nil) ?? FrameLimits().recordBytes)
    )
  }

  /// Gives a source of the settings the same words.
  func apply(to source: inout Settings.Source) {
    source.format = Settings.InputFormat(rawValue: format.rawValue) ?? .auto
    source.encoding = (try? checkedEncoding()) ?? nil
    source.header = noHeader ? false : nil
    source.columns.text = textColumn
    source.columns.id = idColumn
    source.columns.lang = langColumn
    source.fields = fields
    if let size = (try? checkedMaxLine()) ?? nil { source.maxLine = size }
  }

  private func checkedEncoding() throws -> TextEncoding? {
    guard let encoding, encoding.lowercased() != "auto" else { return nil }
    guard let known = TextEncoding(name: encoding) else {
      throw ValidationError(
        "--encoding: \(encoding) is not known; `iconv -l` lists the names that are")
    }
    return known
  }

  private func checkedMaxLine() throws -> Int? {
    guard let maxLine else { return nil }
    guard let size = SettingsText.size(maxLine), (1024...(64 << 20)).contains(size) else {
      throw ValidationError("--max-line takes a size from 1KiB to 64MiB, not \(maxLine)")
    }
    return size
  }
}
