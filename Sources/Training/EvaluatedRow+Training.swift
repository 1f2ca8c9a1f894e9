import Classifier

extension TrainedHead {
  /// The validation rows with this head's answers, for `EvaluationMetrics`.
  package func validationRows(_ pooled: PooledTexts, data: TrainingSet) -> [EvaluatedRow] {
    evaluatedRows(split.validation, of: pooled, data: data)
  }

  /// Some rows with this head's answers, for `EvaluationMetrics`.
  package func evaluatedRows(
    _ rows: [Int], of pooled: PooledTexts, data: TrainingSet
  ) -> [EvaluatedRow] {
    let answers = pooled.probabilities(of: rows, by: Head(weights))
    return zip(rows, answers).map { row, probabilities in
      EvaluatedRow(
        truth: data.rows[row].truth, probabilities: probabilities,
        group: TextGroup.key(data.rows[row].text))
    }
  }
}

extension CrossValidation {
  /// All rows with the answers of the heads that did not see them, for `EvaluationMetrics`.
  package func evaluatedRows(_ data: TrainingSet) -> [EvaluatedRow] {
    zip(data.rows, probabilities).map { row, probabilities in
      EvaluatedRow(
        truth: row.truth, probabilities: probabilities, group: TextGroup.key(row.text))
    }
  }
}
