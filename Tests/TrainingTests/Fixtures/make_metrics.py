#!/usr/bin/env python3
"""Makes metrics_2.json and metrics_3.json: answers on random rows and every figure of them by its plain definition.

Plain Python, each figure written as its definition reads (pairs counted one by one for the ROC area), so that no short
cut is shared with the Swift code. Run in this folder: python3 make_metrics.py
"""
import json, random


def auc(score, positive):
    good = [s for s, p in zip(score, positive) if p]
    bad = [s for s, p in zip(score, positive) if not p]
    return sum(1.0 if g > b else 0.5 if g == b else 0.0 for g in good for b in bad) / (len(good) * len(bad))


def precision(score, positive):
    total, before = 0.0, 0.0
    for threshold in sorted(set(score), reverse=True):
        taken = [p for s, p in zip(score, positive) if s >= threshold]
        recall = sum(taken) / sum(positive)
        total += (recall - before) * sum(taken) / len(taken)
        before = recall
    return total


def make(labels, seed, rows=200, threshold=0.4):
    rng = random.Random(seed)
    truth = [0 if rng.random() < 0.6 else rng.randrange(1, labels) for _ in range(rows)]
    answers = []
    for t in truth:
        raw = [rng.randint(1, 12) + (6 if k == t else 0) for k in range(labels)]
        answers.append([r / sum(raw) for r in raw])
    if labels == 2:
        said = [1 if p[1] >= threshold else 0 for p in answers]
    else:
        said = [p.index(max(p)) for p in answers]
    confusion = [[sum(1 for t, s in zip(truth, said) if t == a and s == b) for b in range(labels)] for a in range(labels)]
    support = [sum(row) for row in confusion]
    recall = [confusion[k][k] / support[k] for k in range(labels)]
    prec = [confusion[k][k] / max(1, sum(row[k] for row in confusion)) for k in range(labels)]
    f1 = [0.0 if r + p == 0 else 2 * p * r / (p + r) for p, r in zip(prec, recall)]
    one = [auc([p[k] for p in answers], [t == k for t in truth]) for k in range(labels)]
    rare = support.index(min(support))
    if labels == 2:
        brier = sum((p[1] - t) ** 2 for p, t in zip(answers, truth)) / rows
    else:
        brier = sum(sum((p[k] - (t == k)) ** 2 for k in range(labels)) for p, t in zip(answers, truth)) / rows
    ece = 0.0
    for b in range(15):
        inside = [(max(p), (labels - 1 - p[::-1].index(max(p))) == t) for p, t in zip(answers, truth) if b / 15 < max(p) <= (b + 1) / 15]
        if inside:
            ece += abs(sum(c for c, _ in inside) / len(inside) - sum(k for _, k in inside) / len(inside)) * len(inside) / rows
    with open(f"metrics_{labels}.json", "w") as file:
        json.dump({"truth": truth, "probabilities": answers, "threshold": threshold, "confusion": confusion, "recall": recall,
                   "accuracy": sum(t == s for t, s in zip(truth, said)) / rows, "balanced": sum(recall) / labels,
                   "macroF1": sum(f1) / labels, "auc": one[1] if labels == 2 else sum(one) / labels,
                   "averagePrecision": precision([p[rare] for p in answers], [t == rare for t in truth]),
                   "brier": brier, "ece": ece, "majority": max(support) / rows, "rarest": rare}, file)


make(2, 3)
make(3, 4)
