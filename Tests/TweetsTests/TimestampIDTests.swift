import Testing
import Tweets

@Suite struct TimestampIDTests {
  @Test func `an identifier gives its time and sorts as a number as it does as text`() throws {
    let ids = ["2222222222222", "3jzfcijpj2z2a", "3l3qo2vuowo2b", "3l3qo2vutsw2b", "7777777777777"]
    let values = try ids.map { try #require(TimestampID($0)).value }
    #expect(values == values.sorted())
    #expect(values.first == 0)
    let time = try #require(TimestampID("3l3qo2vuowo2b")).time
    #expect(time.description.hasPrefix("2024-09-0"), "\(time)")
  }

  @Test(arguments: [
    "", "3jzfcijpj2z2", "3jzfcijpj2z2aa", "3jzfcijpj2z21", "0000000000000", "kjzfcijpj2z2a",
    "zzzzzzzzzzzzz", "3JZFCIJPJ2Z2A", "3jzf-cij-pj2z", "éééééé2",
  ])
  func `what is no identifier is none`(text: String) { #expect(TimestampID(text) == nil) }

  @Test func `a moment gives the first identifier of its microsecond`() {
    #expect(
      TimestampID(microseconds: 1_725_911_162_329_308)?.time.milliseconds == 1_725_911_162_329)
    #expect(TimestampID(microseconds: -1) == nil)
    #expect(TimestampID(microseconds: 1 << 53) == nil)
  }
}
