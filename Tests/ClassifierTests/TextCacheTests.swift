import Classifier
import Testing
import Tweets

struct TextCacheTests {
  private static func sentiment(_ score: Double) -> Sentiment {
    Sentiment(label: .positive, score: score, probabilities: [1 - score, score])
  }

  @Test(arguments: [0, 1, 2, 7, 64])
  func `it holds no more than its capacity, and what it holds is right`(capacity: Int) {
    var cache = TextCache(capacity: capacity)
    for number in 0..<500 {
      let asked = number * 7 % 90
      let key = Array("text \(asked)".utf8)
      if let known = cache.fetch(key) {
        #expect(known == Self.sentiment(Double(asked)))
      } else {
        cache.store(Self.sentiment(Double(asked)), for: key)
      }
      #expect(cache.count <= capacity)
    }
    #expect(cache.hits + cache.misses == 500)
  }

  @Test func `a text that is asked for again and again stays`() {
    var cache = TextCache(capacity: 8)
    let favourite = Array("rt this".utf8)
    cache.store(Self.sentiment(0.5), for: favourite)
    for number in 0..<100 {
      cache.store(Self.sentiment(0), for: Array("\(number)".utf8))
      #expect(cache.fetch(favourite) == Self.sentiment(0.5), "after \(number) others")
    }
    #expect(cache.fetch(Array("3".utf8)) == nil)
  }

  @Test func `a very long text is not kept`() {
    var cache = TextCache(capacity: 8)
    let long = [UInt8](repeating: 0x61, count: TextCache.longestText + 1)
    cache.store(Self.sentiment(0.5), for: long)
    #expect(cache.fetch(long) == nil)
    cache.store(Self.sentiment(0.5), for: Array(long.dropLast()))
    #expect(cache.fetch(Array(long.dropLast())) != nil)
  }
}
