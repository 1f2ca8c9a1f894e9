import Classifier
import TweetText

/// What is measured beside the network, and how often.
struct BenchWorkload {
  let heads: HeadEnsemble
  let coHead: CoHead?
  let cleaning: CleaningProfile
  let text: BenchText
  let runs: Int
}
