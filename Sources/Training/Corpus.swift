/// Text to pre-train on, with the sentences that are kept out of training.
package struct Corpus: Sendable, Equatable {
  /// All types of the training and the held-out sentences, numbered by falling count in training.
  package var types: TypeTable
  /// The sentences to train on.
  package var sentences: SentenceList
  /// The sentences to measure on, none of which is among the others.
  package var heldOut: SentenceList
  /// How the text became these sentences.
  package var facts: CorpusFacts

  /// A corpus from its parts.
  package init(
    types: TypeTable, sentences: SentenceList, heldOut: SentenceList = SentenceList(),
    facts: CorpusFacts = CorpusFacts()
  ) {
    self.types = types
    self.sentences = sentences
    self.heldOut = heldOut
    self.facts = facts
  }
}
