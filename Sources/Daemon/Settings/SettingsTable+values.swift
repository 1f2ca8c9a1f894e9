extension SettingsTable {
  /// A text that is not empty.
  func text(_ key: String, expected: String = "a text in quotes") -> String? {
    guard let node = node(key) else { return nil }
    guard case .string(let text) = node, !text.isEmpty, !text.utf8.contains(0) else {
      refuse(key, expected: expected, found: node)
      return nil
    }
    return text
  }

  /// The name of a column, or its number from 1.
  func column(_ key: String) -> String? {
    if case .integer(let number)? = node(key), (1...10_000).contains(number) {
      return String(number)
    }
    return text(key, expected: "the name of a column in quotes, or its number from 1")
  }

  /// A whole number in a range.
  func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = node(key) else { return nil }
    guard case .integer(let number) = node, range.contains(number) else {
      refuse(
        key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
        found: node)
      return nil
    }
    return number
  }

  /// `true` or `false`.
  func flag(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    guard case .boolean(let flag) = node else {
      refuse(key, expected: "true or false, without quotes", found: node)
      return nil
    }
    return flag
  }

  /// One of the words of an enumeration.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) -> Choice? {
    guard let node = node(key) else { return nil }
    if case .string(let word) = node, let choice = Choice(rawValue: word) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    var expected = "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
    if case .string(let word) = node, let near = NearestWord.find(word, among: words) {
      expected += " (did you mean \"\(near)\"?)"
    }
    refuse(key, expected: expected, found: node)
    return nil
  }

  /// A duration in a range.
  func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
    guard let node = node(key) else { return nil }
    if case .string(let text) = node, let duration = SettingsText.duration(text),
      range.contains(duration)
    {
      return duration
    }
    refuse(key, expected: SettingsTable.expectation(range), found: node)
    return nil
  }

  /// A duration in a range, or `"forever"`, which is the inner nil.
  func durationOrForever(_ key: String, in range: ClosedRange<Duration>) -> Duration?? {
    guard let node = node(key) else { return nil }
    guard case .string(let text) = node else {
      refuse(key, expected: SettingsTable.expectation(range) + ", or \"forever\"", found: node)
      return nil
    }
    if text == "forever" { return .some(nil) }
    guard let duration = SettingsText.duration(text), range.contains(duration) else {
      refuse(key, expected: SettingsTable.expectation(range) + ", or \"forever\"", found: node)
      return nil
    }
    return .some(duration)
  }

  /// A size in bytes in a range.
  func size(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = node(key) else { return nil }
    if case .string(let text) = node, let size = SettingsText.size(text), range.contains(size) {
      return size
    }
    let low = SettingsText.words(bytes: range.lowerBound)
    let high = SettingsText.words(bytes: range.upperBound)
    refuse(
      key, expected: "a size from \"\(low)\" to \"\(high)\" (units B, KiB, MiB, GiB)",
      found: node)
    return nil
  }

  /// A share above 0 and at most 1, as a number or as `"1/100"`.
  func rate(_ key: String) -> Double? {
    guard let node = node(key) else { return nil }
    let rate: Double? =
      switch node {
      case .double(let number): number
      case .integer(let number): Double(number)
      case .string(let text): SettingsText.fraction(text)
      default: nil
      }
    if let rate, rate > 0, rate <= 1 { return rate }
    refuse(
      key, expected: "a share above 0 and at most 1, such as 0.01 or \"1/100\"", found: node)
    return nil
  }

  /// Two scores `[low, high]` with 0 <= low < high <= 1.
  func band(_ key: String) -> ClosedRange<Double>? {
    guard let node = node(key) else { return nil }
    if case .array(let items) = node, items.count == 2 {
      let ends = items.compactMap { item -> Double? in
        switch item {
        case .double(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
      }
      if ends.count == 2, ends[0] >= 0, ends[0] < ends[1], ends[1] <= 1 {
        return ends[0]...ends[1]
      }
    }
    refuse(
      key, expected: "two scores with 0 <= low < high <= 1, such as [0.4, 0.6]", found: node)
    return nil
  }

  /// A path, made absolute; relative ones start at the settings file's folder.
  func filePath(_ key: String) -> String? {
    text(key, expected: "a path in quotes").map {
      SettingsText.absolute($0, in: context.folder)
    }
  }

  /// A list of texts that all pass the test, at least one.
  func texts(
    _ key: String, expected: String, where isGood: (String) -> Bool
  ) -> [String]? {
    guard let node = node(key) else { return nil }
    guard case .array(let items) = node, !items.isEmpty else {
      refuse(key, expected: expected, found: node)
      return nil
    }
    var texts: [String] = []
    for (index, item) in items.enumerated() {
      if case .string(let text) = item, isGood(text) {
        texts.append(text)
      } else {
        context.refuse(
          path.key(key).index(index), "\(title) \(key): expected \(expected), found \(item.words)")
      }
    }
    return texts.count == items.count ? texts : nil
  }

  private static func expectation(_ range: ClosedRange<Duration>) -> String {
    let low = SettingsText.words(range.lowerBound)
    let high = SettingsText.words(range.upperBound)
    return "a duration from \"\(low)\" to \"\(high)\" (units ms, s, m, h, d)"
  }
}
