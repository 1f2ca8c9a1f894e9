import Testing
import TweetText

@Suite struct HTMLEntitiesTests {
  @Test(arguments: [
    ("plain", "plain"),
    ("a &amp; b &lt;3 &gt; &quot;x&quot; it&#39;s &apos;", "a & b <3 > \"x\" it's '"),
    ("&amp;lt;", "&lt;"), ("&amp;amp;", "&amp;"), ("&#128514;&#x1F602;&#X1f602;", "😂😂😂"),
    ("&", "&"),
    ("&&amp;&", "&&&"), ("&amp", "&amp"), ("&#;&#x;&#12", "&#;&#x;&#12"), ("&#0;x", "x"),
    ("&#xD83D;&#99999999;", "\u{FFFD}\u{FFFD}"), ("&#999999999;", "&#999999999;"), ("&#146;", "’"),
    ("&nbsp;", "\u{A0}"), ("&unknown;", "&unknown;"), ("é&amp;é", "é&é"),
  ])
  func `a reference is decoded once`(text: String, decoded: String) {
    #expect(HTMLEntities.decode(text) == decoded)
  }
}
