import ArgumentParser
import Ingest
import TweetText

extension InputFormat: ExpressibleByArgument {}

/// How a command reads tweets: what a `[[source]]` table says with the same words.
struct InputOptions: ParsableArguments {
  @Option(help: "auto, text, jsonl, csv or tsv.") var format: InputFormat = .auto
  @OptionGroup var bytes: ByteOptions
  @Flag(help: "The table has no heading; name its columns by number from 1.") var noHeader = false
  @Option(help: "The CSV column of the text, by name or number.") var textColumn: String?
  @Option(help: "The CSV column of the id, by name or number.") var idColumn: String?
  @Option(help: "The CSV column of the language, by name or number.") var langColumn: String?
  @Option(help: "The member of the text in JSON of another shape, such as post.text.")
  var textField: String?
  @Option(help: "The member of the id, with --text-field.") var idField: String?
  @Option(help: "The member of the time, with --text-field.") var timeField: String?
  @Option(help: "The member of the language, with --text-field.") var langField: String?

  func validate() throws {
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

  /// What the readers are told.
  var ingest: IngestOptions {
    var options = bytes.ingest(format: format, hasHeading: noHeader ? false : nil)
    options.columns = [textColumn, idColumn, langColumn].compactMap { $0 }
    return options
  }

  /// Gives a source of the settings the same words.
  func apply(to source: inout Settings.Source) {
    source.format = Settings.InputFormat(rawValue: format.rawValue) ?? .auto
    source.encoding = bytes.known
    source.header = noHeader ? false : nil
    source.columns.text = textColumn
    source.columns.id = idColumn
    source.columns.lang = langColumn
    source.fields = fields
    if let size = bytes.recordBytes { source.maxLine = size }
  }
}
