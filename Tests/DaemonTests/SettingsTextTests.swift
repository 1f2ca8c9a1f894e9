import Testing

import Daemon

@Suite struct SettingsTextTests {
  @Test(arguments: [
    ("200ms", Duration.milliseconds(200)), ("10s", .seconds(10)), ("5m", .seconds(300)),
    ("24h", .seconds(86_400)), ("14d", .seconds(14 * 86_400)), ("0s", .zero),
  ])
  func `a duration is read`(text: String, duration: Duration) {
    #expect(SettingsText.duration(text) == duration)
  }

  @Test(arguments: ["", "5", "s", "-1s", "1.5s", "1 s", "1S", "1w", "9223372036854775807d", "٣s"])
  func `what is no duration is refused`(text: String) {
    #expect(SettingsText.duration(text) == nil)
  }

  @Test(arguments: [("512B", 512), ("64KiB", 65_536), ("1MiB", 1 << 20), ("2GiB", 2 << 30)])
  func `a size is read and written back`(text: String, size: Int) {
    #expect(SettingsText.size(text) == size)
    #expect(SettingsText.words(bytes: size) == text)
  }

  @Test(arguments: ["", "1", "1MB", "1mib", "-1B", "9223372036854775807GiB"])
  func `what is no size is refused`(text: String) {
    #expect(SettingsText.size(text) == nil)
  }

  @Test(arguments: [
    (Duration.milliseconds(200), "200ms"), (.seconds(90), "90s"), (.seconds(25 * 3600), "25h"),
    (.seconds(86_400), "1d"), (.zero, "0s"),
  ])
  func `a duration is written in its largest whole unit`(duration: Duration, text: String) {
    #expect(SettingsText.words(duration) == text)
  }

  @Test(arguments: [
    ("max_tweet", "max_tweets"), ("maxtweets", "max_tweets"), ("max_wiat", "max_wait"),
  ])
  func `the nearest word is found`(word: String, nearest: String) {
    #expect(NearestWord.find(word, among: ["max_tweets", "max_wait"]) == nearest)
  }

  @Test func `a word far from all has no nearest one`() {
    #expect(NearestWord.find("colour", among: ["max_tweets", "max_wait"]) == nil)
  }

  @Test(arguments: [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3)])
  func `the distance of two words is known`(a: String, b: String, distance: Int) {
    #expect(NearestWord.distance(a, b) == distance)
  }
}
