import Testing
import TweetText

@Suite struct TweetCleanerTests {
  @Test(arguments: [
    ("", ""), ("  \t\n ", ""),
    ("Hello, World!", "Hello , World !"),
    ("I don't think it's over, we're fine", "I do n't think it 's over , we 're fine"),
    ("I DON’T", "I DO N'T"),
    ("can't won't", "ca n't wo n't"),
    ("o'clock rock'n'roll 'tis", "o'clock rock'n'roll ' tis"),
    ("see https://t.co/AbC1 now", "see link now"),
    ("see(http://t.co/AbC1)", "see ( link"),
    ("www.example.org awww.cool WWW.X.org", "link awww . cool link"),
    ("cut http… and https://t.co/a…", "cut link … and link …"),
    ("linkhttp://x.y end", "link link end"),
    ("RT @some_one: hi @b", "RT @user : hi @user"),
    ("RT@bob hi", "RT @user hi"), ("mail me@example.com", "mail me @ example . com"),
    ("@ alone @@bob @bob's", "@ alone @ @user @user 's"),
    ("の@nameに @_@ @aliceì", "の @user に @ _ @ @ aliceì"), ("#GOPDebate #1", "# GOPDebate # 1"),
    ("sooooo goooood 1000000", "sooo goood 1000000"),
    ("wow!!!!!! ok.... hm.. ?!?!", "wow !!! ok ... hm .. ? ! ? !"),
    ("3.5% of 1,000 at 10:30.", "3.5 % of 1,000 at 10:30 ."),
    (":-) :( <3 :D ;-P :))))) </3 &lt;3333", ":-) :( <3 :D ;-P :))) </3 <333"),
    ("fine:) a:Dx ^_^ -_- (: http:/x", "fine :) a : Dx ^_^ -_- (: link"),
    ("I 👍🏽👩‍👩‍👧 it🇺🇸🇬🇧1️⃣❤️", "I 👍🏽 👩‍👩‍👧 it 🇺🇸 🇬🇧 1️⃣ ❤️"),
    ("😂😂😂😂😂 😂", "😂 😂 😂"), ("ok❤❤", "ok ❤ ❤"), ("™ ©️ ℹ ℹ️", "™ ©️ ℹ ℹ️"),
    ("AT&amp;T &amp;lt; &#39;x&#39;", "AT & T & lt ; ' x '"),
    ("naïve Привет мир 日本語", "naïve Привет мир 日本語"),
    ("می\u{200C}خواهم zero\u{200B}width", "می\u{200C}خواهم zero width"),
    ("it'shttp://x.y don'tn't", "it 's link do n't n't"), ("x's1️⃣", "x 's 1️⃣"),
  ])
  func `a tweet becomes its tokens`(text: String, clean: String) {
    #expect(CleaningProfile.tweet.clean(text) == clean)
    #expect(CleaningProfile.tweet.clean(clean) == clean)
  }

  @Test(arguments: hostileTexts(length: 20_000))
  func `the work grows with the text and no faster`(text: String) {
    var cleaner = TweetCleaner()
    let clean = cleaner.clean(text)
    #expect(cleaner.steps <= 3 * text.utf8.count + 8)
    #expect(clean.utf8.count <= 4 * text.utf8.count + 8)
  }
}
