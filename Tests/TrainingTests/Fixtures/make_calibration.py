"""Makes calibration.json: logits of two systems on the same rows, and what SciPy and plain search find best on them.

  pip install scipy numpy; python3 make_calibration.py
"""
import itertools
import json

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

random = np.random.default_rng(8)


def nll(z, truth):
    return -log_softmax(z, axis=1)[np.arange(len(truth)), truth].mean()


def recall(answers, truth):
    return np.mean([(answers[truth == k] == k).mean() for k in range(3)])


rows = 200
truth = random.choice(3, rows, p=[0.2, 0.5, 0.3])
one = np.eye(3)[truth]
first = np.round(1.8 * (one + random.normal(size=(rows, 3))) + [-0.4, 0.8, 0], 4)
second = np.round(0.6 * (0.7 * one + random.normal(size=(rows, 3))), 4)
useless = np.round(random.normal(size=(rows, 3)) - 0.3 * one, 4)
temperature = 1 / minimize_scalar(lambda s: nll(s * first, truth), bounds=(0.05, 20), method="bounded", options={"xatol": 1e-12}).x


def mixture(a, b):
    found = minimize(lambda w: nll(w[0] * a + w[1] * b, truth), [1, 1], bounds=[(0, 50)] * 2, options={"ftol": 1e-16, "gtol": 1e-10})
    return {"weights": found.x.tolist(), "nll": found.fun}


# Macro-averaged recall on a fine net of offsets; adding one number to all changes nothing.
net = np.arange(-300, 301) / 100
best = max(recall((first + [a, 0, b]).argmax(1), truth) for a, b in itertools.product(net, net))

score = np.round(1 / (1 + np.exp(-random.normal(size=150) - 1.0)), 3)
positive = random.random(150) < score ** 1.5
cuts = sorted({0.0, *score.tolist(), 1.0})


def value(aim, cut):
    p = score >= cut
    tp, fp, fn, tn = (p & positive).sum(), (p & ~positive).sum(), (~p & positive).sum(), (~p & ~positive).sum()
    if aim == "accuracy":
        return (tp + tn) / 150
    if aim == "balanced_accuracy":
        return (tp / (tp + fn) + tn / (tn + fp)) / 2
    return (2 * tp / (2 * tp + fp + fn) + 2 * tn / (2 * tn + fp + fn)) / 2


with open("calibration.json", "w") as file:
    json.dump({
        "truth": truth.tolist(), "first": first.ravel().tolist(), "second": second.ravel().tolist(), "useless": useless.ravel().tolist(),
        "temperature": temperature, "nll_before": nll(first, truth), "nll_after": nll(first / temperature, truth),
        "mixture": mixture(first, second), "mixture_useless": mixture(first, useless),
        "recall_before": recall(first.argmax(1), truth), "recall_best": best,
        "scores": score.tolist(), "positive": positive.tolist(),
        "thresholds": {aim: {"best": float(max(value(aim, c) for c in cuts)), "half": float(value(aim, 0.5))}
                       for aim in ("accuracy", "balanced_accuracy", "macro_f1")},
    }, file)
