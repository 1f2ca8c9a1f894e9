import Testing
import Training

struct LearningRateScheduleTests {
  @Test func `the rate grows, holds and falls to the floor`() {
    let schedule = LearningRateSchedule(
      peak: 1, floor: 0.1, warmUpSteps: 10, totalSteps: 101, hold: 0.5)
    #expect(schedule.rate(atStep: 0) == 0.1)
    #expect(schedule.rate(atStep: 9) == 1)
    #expect(schedule.rate(atStep: 50) == 1)
    #expect(schedule.rate(atStep: 51) == 1)
    #expect(abs(schedule.rate(atStep: 100) - 0.1) < 1e-6)
    let rates = (51..<101).map { schedule.rate(atStep: $0) }
    #expect(rates == rates.sorted(by: >))
  }

  @Test func `without a hold it is a plain cosine`() {
    let schedule = LearningRateSchedule(
      peak: 1, floor: 0, warmUpSteps: 0, totalSteps: 101, hold: 0)
    #expect(schedule.rate(atStep: 0) == 1)
    #expect(abs(schedule.rate(atStep: 50) - 0.5) < 1e-6)
    #expect(abs(schedule.rate(atStep: 100)) < 1e-6)
  }

  @Test func `a hold of the whole run never falls`() {
    let schedule = LearningRateSchedule(
      peak: 2, floor: 0, warmUpSteps: 2, totalSteps: 10, hold: 1)
    #expect(schedule.rate(atStep: 9) == 2)
  }

  @Test func `runs that are all warm-up or of one step have a rate`() {
    let short = LearningRateSchedule(
      peak: 1, floor: 0.5, warmUpSteps: 10, totalSteps: 5, hold: 0)
    #expect(short.rate(atStep: 4) == 0.5)
    let one = LearningRateSchedule(peak: 1, floor: 0.5, warmUpSteps: 0, totalSteps: 1, hold: 0)
    #expect(one.rate(atStep: 0) == 0.5)
  }

  @Test func `a short run has a warm-up of a tenth of its steps`() {
    #expect(PretrainingSettings().schedule(totalSteps: 100).warmUpSteps == 10)
    #expect(PretrainingSettings().schedule(totalSteps: 100_000).warmUpSteps == 1000)
  }
}
