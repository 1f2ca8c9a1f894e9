import TweetText

extension Settings.Fields {
  /// The shape of JSON whose parts the settings name; the known shapes where they name none.
  func shape(namespace: String, sharesIDs: Bool) -> TweetShape {
    guard let text else { return .automatic }
    return .mapped(
      JSONMapping(
        text: text, id: id, time: time, lang: lang, namespace: namespace, sharesIDs: sharesIDs))
  }
}

extension Settings.Columns {
  /// The columns that are named.
  var names: [String] { [text, id, lang].compactMap { $0 } + time }
}
