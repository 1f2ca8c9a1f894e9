"""Makes linear_2.json and linear_3.json: sparse rows, and the logistic regression that scikit-learn fits to them.

  pip install scikit-learn==1.9.1; python3 make_linear.py
"""
import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_sample_weight


def make(labels, seed):
    random = np.random.default_rng(seed)
    rows, columns = 90, 30
    x = np.zeros((rows, columns))
    for row in range(rows):
        places = random.choice(columns, 6, replace=False, p=1 / np.arange(1, columns + 1) / np.sum(1 / np.arange(1, columns + 1)))
        x[row, places] = random.random(6)
    x = np.round(x / np.linalg.norm(x, axis=1, keepdims=True), 4)
    truth = random.permutation(np.repeat(np.arange(labels), [60, 30] if labels == 2 else [15, 45, 30]))
    own = np.round(0.25 + random.random(rows), 3)
    support = np.bincount(truth, own)
    weight = own * (own.sum() / (labels * support))[truth]
    l2 = 0.5
    model = LogisticRegression(C=1 / l2, tol=1e-12, max_iter=100000).fit(x, truth, sample_weight=weight)
    p = model.predict_proba(x)
    loss = -(weight * np.log(p[np.arange(rows), truth])).sum() + l2 / 2 * (model.coef_ ** 2).sum()
    plain = LogisticRegression(C=1, tol=1e-12, max_iter=100000, class_weight="balanced").fit(x, truth)
    assert np.allclose(compute_sample_weight("balanced", truth), rows / (labels * np.bincount(truth))[truth])
    return {
        "rows": [[[int(j), float(x[i, j])] for j in np.nonzero(x[i])[0]] for i in range(rows)],
        "truth": truth.tolist(), "weights": own.tolist(), "l2": l2, "columns": columns,
        "kernel": model.coef_.T.round(7).tolist(), "bias": model.intercept_.round(7).tolist(), "loss": loss / weight.sum(),
        "balanced_kernel": plain.coef_.T.round(7).tolist(), "balanced_bias": plain.intercept_.round(7).tolist(),
    }


for labels in (2, 3):
    with open(f"linear_{labels}.json", "w") as file:
        json.dump(make(labels, 40 + labels), file)
