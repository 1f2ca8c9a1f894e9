package import Tweets

/// How many posts may be paid for, and how many were; a value, the time of day passed in. Days and months are UTC.
package struct PostBudget: Sendable, Equatable {
  /// Posts of a day at most; nil: no limit.
  package var perDay: Int64?
  /// Posts of a calendar month at most; nil: no limit.
  package var perMonth: Int64?
  private var posts: [Int64: Int64]  // by day since the epoch

  /// A budget of which `posts` are spent, by day since 1970-01-01 UTC.
  package init(perDay: Int64?, perMonth: Int64?, spent posts: [Int64: Int64] = [:]) {
    self.perDay = perDay
    self.perMonth = perMonth
    self.posts = posts
  }

  /// Notes posts that were delivered at that time.
  package mutating func spend(_ count: Int, at now: Timestamp) {
    let day = PostBudget.day(of: now)
    posts[day, default: 0] += Int64(count)
    if posts.count > 64 { posts = posts.filter { $0.key >= day - 40 } }
  }

  /// Which limit is reached, in words, and when reading may go on; nil while there is money.
  package func exhausted(at now: Timestamp) -> (limit: String, until: Timestamp)? {
    let day = PostBudget.day(of: now)
    let date = CivilDate(daysSinceEpoch: day)
    if let perMonth {
      let first = CivilDate(year: date.year, month: date.month, day: 1).daysSinceEpoch
      let spent = posts.filter { (first...day).contains($0.key) }.values.reduce(0, +)
      if spent >= perMonth {
        let next = first + CivilDate.daysIn(month: date.month, year: date.year)
        return ("posts_per_month = \(perMonth)", Timestamp(seconds: next * 86_400))
      }
    }
    if let perDay, posts[day] ?? 0 >= perDay {
      return ("posts_per_day = \(perDay)", Timestamp(seconds: (day + 1) * 86_400))
    }
    return nil
  }

  /// The day, counted from 1970-01-01 UTC.
  package static func day(of time: Timestamp) -> Int64 {
    Timestamp.floorDivide(time.milliseconds, 86_400_000)
  }
}
