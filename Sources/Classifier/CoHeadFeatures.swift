/// The hashed n-grams of a cleaned text: what a co-head reads, in training as in serving.
///
/// The text is split on the byte 0x20 into at most 256 tokens, each cut after 64 scalars, and
/// lower-cased scalar by scalar. Its n-grams are of two kinds:
/// - words: every token, and every two tokens that follow each other, with one blank between;
/// - characters: every 2 to 5 scalars in a row of a token with a blank on either side (`char_wb` of
///   scikit-learn).
///
/// The bucket of an n-gram is the upper `bits` bits of (h ^ h >> 32) · 0x9E3779B97F4A7C15, h being the
/// 64-bit FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) of `w` or `c` for the kind and of the
/// n-gram's UTF-8. A bucket that holds f n-grams of a kind has the value (1 + ln f) · idf; the values
/// of each kind are divided by their Euclidean norm; where both kinds meet in a bucket they are
/// added.
package struct CoHeadFeatures: Sendable {
  /// The most tokens of a text that are read.
  package static let tokenLimit = 256
  /// The most scalars of a token that are read.
  package static let scalarLimit = 64

  /// The n-grams are hashed into 2^bits buckets.
  package let bits: Int
  private let idf: [Float]?
  private let damping = [0] + (1..<64).map { 1 + Logistic.log(Double($0)) }  // 1 + ln f

  // Scratch that keeps its memory from text to text.
  private var text: [UInt8] = []  // lower-cased, one blank before, between and after the tokens
  private var tokens: [Range<Int>] = []
  private var hits: [UInt32] = []
  private var sorted: [UInt32] = []
  private var runs: [(bucket: UInt32, value: Double)] = []

  /// Features of 2^bits buckets; `idf` holds a factor for each, of which 0 leaves the bucket out.
  package init(bits: Int, idf: [Float]? = nil) {
    precondition((1...31).contains(bits), "buckets of \(bits) bits, want 1 to 31")
    precondition(
      idf.map { $0.count == 1 << bits } ?? true,
      "\(idf?.count ?? 0) factors for \(1 << bits) buckets")
    self.bits = bits
    self.idf = idf
  }

  /// The buckets of a cleaned text and their values, by rising bucket, each once.
  package mutating func callAsFunction(_ clean: String) -> [(bucket: Int32, value: Float)] {
    var clean = clean
    clean.withUTF8 { bytes in
      let span = unsafe Span(_unsafeElements: bytes)
      readTokens(span)
    }
    hits.removeAll(keepingCapacity: true)
    hashWords()
    let words = values()
    hits.removeAll(keepingCapacity: true)
    hashCharacters()
    return Self.merged(words, values())
  }
}

// MARK: - Text

extension CoHeadFeatures {
  /// Splits, cuts and lower-cases, into `text` and `tokens`.
  private mutating func readTokens(_ bytes: Span<UInt8>) {
    text.removeAll(keepingCapacity: true)
    tokens.removeAll(keepingCapacity: true)
    text.append(0x20)
    var start = 1
    var scalars = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x20 {
        if scalars > 0 {
          close(start)
          if tokens.count == Self.tokenLimit { return }
          start = text.count
          scalars = 0
        }
        index += 1
        continue
      }
      let length = Self.length(from: byte)
      let end = min(index + length, bytes.count)
      scalars += 1
      if scalars <= Self.scalarLimit { append(bytes.extracting(index..<end)) }
      index = end
    }
    if scalars > 0 { close(start) }
  }

  private mutating func close(_ start: Int) {
    tokens.append(start..<text.count)
    text.append(0x20)
  }

  /// Appends a scalar in lower case.
  private mutating func append(_ scalar: Span<UInt8>) {
    let first = scalar[0]
    if first < 0x80 {
      text.append(first &- 0x41 < 26 ? first | 0x20 : first)
      return
    }
    // Above U+1FFFF, and with the emoji below, there are no letters with case.
    if first < 0xF0 || scalar[1] < 0x9F {
      var value = UInt32(first) & (0x7F >> UInt32(scalar.count))
      for index in 1..<scalar.count { value = value << 6 | UInt32(scalar[index] & 0x3F) }
      if let properties = Unicode.Scalar(value)?.properties, properties.changesWhenLowercased {
        text.append(contentsOf: properties.lowercaseMapping.utf8)
        return
      }
    }
    for index in scalar.indices { text.append(scalar[index]) }
  }

  /// Bytes of a scalar, by its first; the bytes come from a `String` and are valid.
  private static func length(from first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }
}

// MARK: - Hashing

extension CoHeadFeatures {
  /// FNV-1a of one byte, which names the kind; the bytes of the n-gram follow.
  private static func start(_ kind: UInt8) -> UInt64 { next(0xCBF2_9CE4_8422_2325, kind) }

  @inline(__always)
  private static func next(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  @inline(__always)
  private func bucket(_ hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: ((hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
  }

  private mutating func hashWords() {
    // A second owner of the same bytes, so that the hits can grow while they are read.
    let owner = text
    let text = owner.span
    let start = Self.start(UInt8(ascii: "w"))
    for (place, token) in tokens.enumerated() {
      var hash = start
      for index in token { hash = Self.next(hash, text[index]) }
      hits.append(bucket(hash))
      guard place + 1 < tokens.count else { return }
      // The blank between them and the next token.
      for index in token.upperBound..<tokens[place + 1].upperBound {
        hash = Self.next(hash, text[index])
      }
      hits.append(bucket(hash))
    }
  }

  private mutating func hashCharacters() {
    // A second owner of the same bytes, so that the hits can grow while they are read.
    let owner = text
    let text = owner.span
    let start = Self.start(UInt8(ascii: "c"))
    for token in tokens {
      var first = token.lowerBound - 1
      let end = token.upperBound + 1
      while first < end {
        var hash = start
        var index = first
        for scalars in 1...5 {
          guard index < end else { break }
          let length = Self.length(from: text[index])
          for _ in 0..<length {
            hash = Self.next(hash, text[index])
            index += 1
          }
          if scalars == 1 { first += length } else { hits.append(bucket(hash)) }
        }
      }
    }
  }
}

// MARK: - Values

extension CoHeadFeatures {
  /// The value of each bucket that was hit, by rising bucket, divided by the norm of all.
  private mutating func values() -> [(bucket: Int32, value: Float)] {
    sortHits()
    runs.removeAll(keepingCapacity: true)
    var index = 0
    while index < hits.count {
      let bucket = hits[index]
      var end = index + 1
      while end < hits.count, hits[end] == bucket { end += 1 }
      runs.append((bucket, damped(end - index)))
      index = end
    }
    if let idf {
      // A loop of its own: the factors lie far apart, and so many of them are fetched at a time.
      for index in runs.indices { runs[index].value *= Double(idf[Int(runs[index].bucket)]) }
      runs.removeAll { $0.value == 0 }
    }
    var squares = 0.0
    for run in runs { squares += run.value * run.value }
    let scale = squares > 0 ? 1 / squares.squareRoot() : 0
    return runs.map { (Int32($0.bucket), Float($0.value * scale)) }
  }

  /// Sorts the hits byte by byte, the lowest first: linear in time however they fall.
  private mutating func sortHits() {
    let count = hits.count
    while sorted.count < count { sorted.append(0) }
    for shift in stride(from: 0, to: UInt32(bits), by: 8) {
      Self.distribute(hits, count, by: shift, into: &sorted)
      swap(&hits, &sorted)
    }
    while hits.count > count { hits.removeLast() }
  }

  /// Copies the first `count` numbers in the order of one of their bytes.
  private static func distribute(
    _ source: [UInt32], _ count: Int, by shift: UInt32, into target: inout [UInt32]
  ) {
    var places = InlineArray<256, Int32>(repeating: 0)
    for index in 0..<count { places[Int(source[index] >> shift & 255)] += 1 }
    var next: Int32 = 0
    for digit in 0..<256 {
      let own = places[digit]
      places[digit] = next
      next += own
    }
    for index in 0..<count {
      let digit = Int(source[index] >> shift & 255)
      target[Int(places[digit])] = source[index]
      places[digit] += 1
    }
  }

  private static func merged(
    _ first: [(bucket: Int32, value: Float)], _ second: [(bucket: Int32, value: Float)]
  ) -> [(bucket: Int32, value: Float)] {
    var merged: [(bucket: Int32, value: Float)] = []
    merged.reserveCapacity(first.count + second.count)
    var place = 0
    for own in second {
      while place < first.count, first[place].bucket < own.bucket {
        merged.append(first[place])
        place += 1
      }
      if place < first.count, first[place].bucket == own.bucket {
        merged.append((own.bucket, first[place].value + own.value))
        place += 1
      } else {
        merged.append(own)
      }
    }
    merged.append(contentsOf: first[place...])
    return merged
  }

  /// 1 + ln f.
  private func damped(_ count: Int) -> Double {
    count < damping.count ? damping[count] : 1 + Logistic.log(Double(count))
  }
}
