import Report

/// How long texts took to classify.
struct Elapsed {
  let tweets: Int
  let seconds: Double

  /// The time since `start`, in which so many tweets were classified.
  init(tweets: Int, since start: ContinuousClock.Instant) {
    self.tweets = tweets
    seconds = (ContinuousClock.now - start).inSeconds
  }

  /// Tweets a second; 0 where nothing was classified.
  var tweetsPerSecond: Double { tweets > 0 && seconds > 0 ? Double(tweets) / seconds : 0 }

  /// The line for standard error.
  var line: String {
    "\(tweets) tweets in \(Figures.fixed(seconds, 2)) s, "
      + "\(Figures.fixed(tweetsPerSecond, 0)) tweets/s"
  }
}
